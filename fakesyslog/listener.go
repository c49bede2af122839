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
	network string // "tcp", "udp" or "tls"
	family  string // "4", "6" or "" for both
	address string // as bound, once it was open

	// The Server's faultMu guards these.
	ln net.Listener   // nil while closed, and of UDP
	pc net.PacketConn // nil while closed, and of a stream
	is stance

	// The Server's mu guards these.
	lastAccept time.Time
	gone       bool // it was opened for a while, and that is over
}

// open binds the address and starts to receive.
func (l *listener) open() (net.Addr, error) {
	var addr net.Addr
	var err error
	if l.network == "udp" {
		addr, err = l.openPacket()
	} else {
		addr, err = l.openStream()
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", l.address, err)
	}
	if bound := addr.String(); l.address != bound { // only at first: others read it
		l.address = bound
	}
	l.is = stance{}
	now := l.s.now()
	l.s.mu.Lock()
	l.s.note(Event{Time: now, Kind: KindListening, Connection: ">" + l.address, Detail: l.network})
	l.s.mu.Unlock()
	return addr, nil
}

func (l *listener) openStream() (net.Addr, error) {
	listen := l.s.Listen
	if listen == nil {
		listen = plainTCP().Listen
	}
	ln, err := listen(context.Background(), "tcp"+l.family, l.address)
	if err != nil {
		return nil, err
	}
	l.ln = ln
	l.s.running.Go(func() { l.accept(ln) })
	return ln.Addr(), nil
}

// plainTCP listens as the imitated receivers do by default: without keepalive
// probes, which run on the kernel's clock, and without Multipath TCP, whose
// sockets take no filter.
func plainTCP() *net.ListenConfig {
	c := &net.ListenConfig{KeepAlive: -1}
	c.SetMultipathTCP(false)
	return c
}

// reconcile makes the listener as the active faults want it. The caller holds
// faultMu.
func (l *listener) reconcile() error {
	want := l.wanted()
	open := l.ln != nil || l.pc != nil
	switch {
	case want.down && open:
		return l.close()
	case want.down:
		return nil
	case !open:
		if _, err := l.open(); err != nil {
			return err
		}
	}
	return l.assume(want)
}

// assume applies what the kernel is to do for a listener that stays open.
func (l *listener) assume(want stance) error {
	var errs []error
	if want.silent != l.is.silent {
		errs = append(errs, silence(l.socket(), want.silent))
	}
	if (want.short != l.is.short || want.queue != l.is.queue) && l.ln != nil {
		queue := want.queue
		if !want.short {
			queue = wholeQueue
		}
		errs = append(errs, setQueue(l.ln, queue))
	}
	l.is = want
	return errors.Join(errs...)
}

func (l *listener) socket() any {
	if l.pc != nil {
		return l.pc
	}
	return l.ln
}

func (l *listener) close() error {
	var err error
	if l.ln != nil {
		err = l.ln.Close()
	}
	if l.pc != nil {
		err = l.pc.Close()
	}
	l.ln, l.pc = nil, nil
	return err
}

// wanted says what is to become of the listener, and tells which faults take
// hold by it.
func (l *listener) wanted() stance {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	if l.s.closed || l.gone {
		return stance{down: true}
	}
	var all stance
	for _, in := range l.s.active {
		one := in.stance(l)
		if one == (stance{}) {
			continue
		}
		all = all.and(one)
		if !in.took[l] {
			in.took[l] = true
			in.hits++
			l.s.note(in.hitEvent(l.s.now(), ">"+l.address, one.String()))
		}
	}
	return all
}

func (a stance) String() string {
	switch {
	case a.down:
		return "closed the listener"
	case a.silent:
		return "silenced the listener"
	}
	return fmt.Sprintf("queue of %d", a.queue)
}

// acceptPause is how long accepting, or reading datagrams, rests after an error
// such as too many open files.
const acceptPause = 100 * time.Millisecond

// accept takes connections until ln is closed.
func (l *listener) accept(ln net.Listener) {
	clock := l.s.clock()
	clock.Busy(1)
	defer clock.Busy(-1)
	for {
		l.waitAtGate()
		clock.Busy(-1)
		nc, err := ln.Accept()
		clock.Busy(1)
		switch {
		case err == nil:
			l.waitAtGate() // a fault may have come while it was blocked
			l.serve(nc)
		case errors.Is(err, net.ErrClosed):
			return
		default:
			l.s.complain(">"+l.address, fmt.Errorf("accept: %w", err))
			l.s.park(l.s.era(), acceptPause)
		}
	}
}

// waitAtGate waits until the faults let the next connection in.
func (l *listener) waitAtGate() {
	for {
		t, generation := l.s.gate(l)
		l.s.tell()
		if !t.hold && t.wait <= 0 {
			return
		}
		l.s.park(generation, t.wait)
	}
}

// serve starts a connection's goroutine, or turns the connection away.
func (l *listener) serve(nc net.Conn) {
	s := l.s
	c := newConn(l, nc)
	s.mu.Lock()
	if s.closed || l.gone || len(s.conns) >= s.maxConnections() {
		s.turnAway(c)
		s.mu.Unlock()
		c.linger()
		nc.Close()
		s.tell()
		return
	}
	s.lastNumber++
	c.number = s.lastNumber
	s.conns[c] = struct{}{}
	l.lastAccept = c.last
	s.note(Event{Time: c.last, Kind: KindAccepted, Connection: c.label})
	full := false
	for _, in := range s.active {
		in.see(c, false)
		if (in.effect.listen != nil || in.effect.accept != nil) && in.at(l) {
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

// turnAway counts a connection that is not served. The caller holds the mutex.
func (s *Server) turnAway(c *conn) {
	s.turnedAway++
	s.note(Event{Time: c.last, Kind: KindTurnedAway, Connection: c.label,
		Detail: fmt.Sprintf("there are %d connections, which is the most", len(s.conns))})
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
