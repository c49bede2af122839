package fakecas

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"sync"
	"time"
)

// port is a listener that can be shut and opened again on the same address
// while the HTTP server above it goes on.
type port struct {
	server  *Server
	address string // as it was opened first, so that a chosen port stays

	accepting func(*connection) // called with each connection before it is served

	accepted chan net.Conn
	done     chan struct{}
	accepts  sync.WaitGroup

	mu       sync.Mutex
	listener net.Listener // nil while shut
	at       string       // where it listens, or will when it is not shut
	shut     int          // how many want it shut
	closed   bool
	conns    map[*connection]struct{}
}

func (s *Server) openPort(address string, accepting func(*connection)) (*port, error) {
	p := &port{
		server:    s,
		address:   address,
		accepting: accepting,
		accepted:  make(chan net.Conn),
		done:      make(chan struct{}),
		conns:     map[*connection]struct{}{},
	}
	if err := p.open(address); err != nil {
		return nil, err
	}
	p.address = p.listener.Addr().String()
	p.at = p.address
	return p, nil
}

// open listens. The lock is held, or nobody else knows p yet.
func (p *port) open(address string) error {
	l, err := p.server.listen()(context.Background(), "tcp", address)
	if err != nil {
		return err
	}
	p.listener = l
	p.accepts.Add(1)
	go p.accept(l)
	return nil
}

func (p *port) accept(l net.Listener) {
	defer p.accepts.Done()
	for {
		c, err := l.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			p.server.noteFailed("", "accept: "+err.Error())
			p.rest()
			continue
		}
		conn := p.track(c)
		p.accepting(conn)
		select {
		case p.accepted <- conn:
		case <-p.done:
			conn.Close()
			return
		}
	}
}

// acceptPause is how long accepting rests after an error such as too many open
// files.
const acceptPause = 100 * time.Millisecond

func (p *port) rest() {
	over := make(chan struct{})
	stop := p.server.clock().AfterFunc(acceptPause, func() { close(over) })
	defer stop()
	select {
	case <-over:
	case <-p.done:
	}
}

// Shut closes the listener, so that new connections are refused; those that
// stand live on.
func (p *port) Shut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shut++
	if p.listener != nil {
		p.listener.Close()
		p.listener = nil
	}
}

// Reopen takes one Shut back.
func (p *port) Reopen() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.shut--
	if p.shut > 0 || p.closed {
		return nil
	}
	return p.open(p.at)
}

// Move listens on another address instead, or will once it is not shut.
func (p *port) Move(address string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed || p.shut > 0 {
		p.at = address
		return nil
	}
	old := p.listener
	if err := p.open(address); err != nil {
		return err
	}
	p.at = address
	if old == nil { // it could not be reopened
		return nil
	}
	return old.Close()
}

// Accept implements net.Listener.
func (p *port) Accept() (net.Conn, error) {
	select {
	case c := <-p.accepted:
		return c, nil
	case <-p.done:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener. It returns when nothing is accepted any more.
func (p *port) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	if p.listener != nil {
		p.listener.Close()
	}
	p.mu.Unlock()
	close(p.done)
	p.accepts.Wait()
	return nil
}

// Addr implements net.Listener: the address, also while it is shut.
func (p *port) Addr() net.Addr {
	a, err := netip.ParseAddrPort(p.address)
	if err != nil {
		return named(p.address)
	}
	return net.TCPAddrFromAddrPort(a)
}

// named is an address that is not an IP's, as some in-memory listeners have.
type named string

func (n named) Network() string { return "tcp" }

func (n named) String() string { return string(n) }
