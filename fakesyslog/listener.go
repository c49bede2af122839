package fakesyslog

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"
)

// listener is one address of the server. It may be closed and opened again by
// faults; its address stays.
type listener struct {
	s       *Server
	network string // "tcp"
	address string // as bound, once it was open

	ln net.Listener // nil while closed; the Server's faultMu guards it
}

// open binds the address and starts to accept.
func (l *listener) open() (net.Addr, error) {
	if l.network != "tcp" {
		return nil, fmt.Errorf("listen on %s: unknown network %q, expected tcp", l.address, l.network)
	}
	listen := l.s.Listen
	if listen == nil {
		// Keepalive probes run on the kernel's clock and no receiver that is
		// imitated here sends them by default.
		listen = (&net.ListenConfig{KeepAlive: -1}).Listen
	}
	ln, err := listen(context.Background(), l.network, l.address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", l.address, err)
	}
	l.ln = ln
	l.address = ln.Addr().String()
	l.s.mu.Lock()
	l.s.note(Event{Time: l.s.now(), Kind: KindListening, Connection: ">" + l.address, Detail: l.network})
	l.s.mu.Unlock()
	l.s.running.Go(func() { l.accept(ln) })
	return ln.Addr(), nil
}

// reconcile opens or closes the listener as the active faults want it. The
// caller holds faultMu.
func (l *listener) reconcile() error {
	down, hits := l.wanted()
	if down == (l.ln == nil) {
		return nil
	}
	if !down {
		_, err := l.open()
		return err
	}
	err := l.ln.Close()
	l.ln = nil
	now := l.s.now()
	l.s.mu.Lock()
	for _, in := range hits {
		in.hits++
		l.s.note(in.hitEvent(now, ">"+l.address, "closed the listener"))
	}
	l.s.mu.Unlock()
	return err
}

// wanted says whether the listener is to be closed, and which faults want it.
func (l *listener) wanted() (bool, []*injection) {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	if l.s.closed {
		return true, nil
	}
	var hits []*injection
	for _, in := range l.s.active {
		if in.down(l) {
			hits = append(hits, in)
		}
	}
	return len(hits) > 0, hits
}

// acceptPause is how long accepting rests after an error such as too many open
// files.
const acceptPause = 100 * time.Millisecond

// accept takes connections until ln is closed.
func (l *listener) accept(ln net.Listener) {
	clock := l.s.clock()
	for {
		nc, err := ln.Accept()
		clock.Busy(1)
		switch {
		case err == nil:
			l.serve(nc)
		case errors.Is(err, net.ErrClosed):
			clock.Busy(-1)
			return
		default:
			l.s.mu.Lock()
			generation := l.s.generation
			l.s.mu.Unlock()
			l.s.park(generation, acceptPause)
		}
		clock.Busy(-1)
	}
}

// serve starts a connection's goroutine.
func (l *listener) serve(nc net.Conn) {
	s := l.s
	c := newConn(l, nc)
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		nc.Close()
		return
	}
	s.lastNumber++
	c.number = s.lastNumber
	s.conns[c] = struct{}{}
	s.note(Event{Time: c.last, Kind: KindAccepted, Connection: c.label})
	full := false
	for _, in := range s.active {
		if in.see(c); in.effect.down != nil && in.at(l) {
			in.accepted++
			full = full || in.accepted == in.After
		}
	}
	s.mu.Unlock()
	s.tell()
	s.clock().Busy(1)
	s.running.Go(c.run)
	if full {
		s.reconcileSoon()
	}
}

// reconcileSoon reconciles from a goroutine of its own, for callers that may
// not wait for faultMu.
func (s *Server) reconcileSoon() {
	s.clock().Busy(1)
	s.running.Go(func() {
		defer s.clock().Busy(-1)
		s.faultMu.Lock()
		defer s.faultMu.Unlock()
		s.changed()
	})
}
