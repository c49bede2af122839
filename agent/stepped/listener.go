package stepped

import (
	"context"
	"errors"
	"net"
	"sync"
	"syscall"
	"time"
)

// Listener is a TCP listener of which the party keeps account. It can move to
// another address while whoever accepts goes on.
type Listener struct {
	party *Party

	mu        sync.Mutex
	inner     *net.TCPListener
	moved     chan struct{} // closed when inner has been replaced
	accepting bool
	standing  map[*conn]struct{}
	left      []*net.TCPListener // at addresses where what is sent is lost
	closed    bool
}

// Listen listens on a TCP address of this machine.
func (p *Party) Listen(ctx context.Context, address string) (*Listener, error) {
	inner, err := listen(ctx, address)
	if err != nil {
		return nil, err
	}
	l := &Listener{party: p, inner: inner, moved: make(chan struct{}), standing: map[*conn]struct{}{}}
	p.change(func() {
		if p.doors == nil {
			p.doors = map[*Listener]struct{}{}
		}
		p.doors[l] = struct{}{}
	})
	return l, nil
}

func listen(ctx context.Context, address string) (*net.TCPListener, error) {
	config := &net.ListenConfig{KeepAlive: -1}
	config.SetMultipathTCP(false)
	l, err := config.Listen(ctx, "tcp4", address)
	if err != nil {
		return nil, err
	}
	return l.(*net.TCPListener), nil
}

// Accept implements net.Listener.
func (l *Listener) Accept() (net.Conn, error) {
	for {
		l.mu.Lock()
		inner, moved := l.inner, l.moved
		l.accepting = true
		l.mu.Unlock()
		c, err := inner.AcceptTCP()
		l.mu.Lock()
		l.accepting = false
		l.mu.Unlock()
		if err == nil {
			return l.took(c), nil
		}
		select {
		case <-moved:
			continue
		default:
		}
		return nil, err
	}
}

func (l *Listener) took(c *net.TCPConn) *conn {
	k := l.party.keep(c, true)
	l.mu.Lock()
	defer l.mu.Unlock()
	for old := range l.standing {
		if old.closed.Load() {
			delete(l.standing, old)
		}
	}
	l.standing[k] = struct{}{}
	return k
}

// Move goes on at another address. At the old one connections are refused from
// then on and those that stand are reset; or, if it swallows, whatever is sent
// there is lost, and neither end is told.
func (l *Listener) Move(ctx context.Context, address string, swallow bool) error {
	inner, err := listen(ctx, address)
	if err != nil {
		return err
	}
	l.mu.Lock()
	old := l.inner
	l.inner = inner
	close(l.moved)
	l.moved = make(chan struct{})
	l.mu.Unlock()
	if !swallow {
		err = old.Close()
		l.each((*conn).abort)
		return err
	}
	l.mu.Lock()
	l.left = append(l.left, old)
	l.mu.Unlock()
	err = silence(old, true)
	l.each(func(c *conn) { err = errors.Join(err, c.Silence(true)) })
	return errors.Join(err, old.SetDeadline(time.Unix(1, 0))) // whoever accepts there comes over
}

// each calls f for what was accepted and still stands.
func (l *Listener) each(f func(*conn)) {
	l.mu.Lock()
	var all []*conn
	for c := range l.standing {
		if !c.closed.Load() {
			all = append(all, c)
		}
	}
	l.mu.Unlock()
	for _, c := range all {
		f(c)
	}
}

// Open says whether it was not closed.
func (l *Listener) Open() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !l.closed
}

// Deafen lets the kernel drop what comes for the listener and what was accepted,
// or no longer drop it. Neither end is told.
func (l *Listener) Deafen(on bool) error {
	err := l.Silence(on)
	l.each(func(c *conn) { err = errors.Join(err, c.Silence(on)) })
	return err
}

// Silence lets the kernel drop what comes for the listener, or no longer.
func (l *Listener) Silence(on bool) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return silence(l.inner, on)
}

// Addr implements net.Listener.
func (l *Listener) Addr() net.Addr {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.inner.Addr()
}

// SyscallConn gives the socket, as *net.TCPListener does.
func (l *Listener) SyscallConn() (syscall.RawConn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.inner.SyscallConn()
}

// Close implements net.Listener.
func (l *Listener) Close() error {
	l.mu.Lock()
	l.closed = true
	err := l.inner.Close()
	for _, old := range l.left {
		err = errors.Join(err, old.Close())
	}
	l.left = nil
	l.mu.Unlock()
	l.party.change(func() { delete(l.party.doors, l) })
	return err
}

// knocked says whether there is a connection that will be accepted now.
func (l *Listener) knocked() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.accepting && readable(l.inner)
}
