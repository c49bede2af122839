package network

import (
	"context"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"
)

// Listener is a TCP listener. A connection is established as soon as it is
// queued here: its client may write before Accept.
type Listener struct {
	host    *Host
	network string
	at      binding
	waiting queue[*Conn]
	backlog int
	closed  bool
	silent  bool
	limit   deadline
	wake    sync.Cond
}

// Listen listens over tcp, tcp4 or tcp6 on "address:port". Without an address
// it serves all of the host's, IPv4 and IPv6; port 0 means one that is free.
// The net.Listener is a *Listener.
func (h *Host) Listen(ctx context.Context, network, address string) (net.Listener, error) {
	at, err := h.bind(ctx, network, "tcp", address)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	h.n.lock()
	defer h.n.unlock()
	at, err = h.claim(at, func(b binding) bool {
		return slices.ContainsFunc(h.listeners, func(l *Listener) bool { return l.at.overlaps(b) })
	})
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Addr: tcpAddr(at.addr), Err: err}
	}
	l := &Listener{host: h, network: network, at: at, backlog: h.n.Backlog}
	l.wake.L = (*gate)(h.n)
	h.listeners = append(h.listeners, l)
	return l, nil
}

// listener is the one that a SYN to an address reaches, or nil.
func (h *Host) listener(to netip.AddrPort) *Listener {
	for _, l := range h.listeners {
		if l.at.covers(to) {
			return l
		}
	}
	return nil
}

// full says whether the next SYN vanishes: Linux holds one more than asked.
func (l *Listener) full() bool { return l.waiting.len() > l.backlog }

func (l *Listener) add(c *Conn) {
	l.waiting.add(c)
	l.wake.Broadcast()
}

// Accept waits for a connection; it is a *Conn.
func (l *Listener) Accept() (net.Conn, error) {
	l.host.n.lock()
	defer l.host.n.unlock()
	for {
		l.host.awake()
		switch {
		case l.closed:
			return nil, l.opError("accept", net.ErrClosed)
		case l.limit.expired():
			return nil, l.opError("accept", os.ErrDeadlineExceeded)
		case l.waiting.len() > 0:
			return l.waiting.pop(), nil
		}
		l.wake.Wait()
	}
}

// Close stops listening and resets the connections not yet accepted.
func (l *Listener) Close() error {
	l.host.n.lock()
	defer l.host.n.unlock()
	if l.closed {
		return l.opError("close", net.ErrClosed)
	}
	l.shutDown()
	return nil
}

func (l *Listener) shutDown() {
	l.closed = true
	l.limit.stop()
	l.host.listeners = slices.DeleteFunc(l.host.listeners, func(o *Listener) bool { return o == l })
	for l.waiting.len() > 0 {
		l.waiting.pop().abort()
	}
	l.wake.Broadcast()
}

// Addr is the address listened on, a *net.TCPAddr.
func (l *Listener) Addr() net.Addr { return tcpAddr(l.at.addr) }

// SetBacklog changes how many connections wait for Accept; one more does.
func (l *Listener) SetBacklog(n int) {
	l.host.n.lock()
	defer l.host.n.unlock()
	l.backlog = n
}

// SetDeadline ends Accept at a time; the zero time means never.
func (l *Listener) SetDeadline(t time.Time) error {
	l.host.n.lock()
	defer l.host.n.unlock()
	if l.closed {
		return l.opError("set", net.ErrClosed)
	}
	l.limit.set(t, &l.wake)
	return nil
}

func (l *Listener) opError(op string, err error) error {
	return &net.OpError{Op: op, Net: l.network, Addr: l.Addr(), Err: err}
}
