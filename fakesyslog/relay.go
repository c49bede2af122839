package fakesyslog

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"time"
)

// relay passes a connection on to a real receiver, byte by byte, so that the
// same faults stand between any sender and any receiver. RST passes as RST, FIN
// as FIN and half-close as half-close, and no end of stream is answered before
// the receiver behind has answered it.
type relay struct {
	c      *conn
	up     net.Conn
	raw    net.Conn      // up, or the transport under its TLS
	unsent int           // index in the scanner's buffer of what was not yet passed on
	done   chan struct{} // closed when back has ended; its token of work passes to whoever waits
	broken error         // why the receiver behind ended; read it after done

	writing blocking
	stuck   bool // the last write was interrupted: the receiver behind takes nothing
	hearing blocking
	late    delayLine // what the receiver behind said, and is not yet passed back
}

// forward connects to the receiver behind.
func (c *conn) forward() error {
	dial := c.s.Dial
	if dial == nil {
		d := &net.Dialer{KeepAlive: -1}
		d.SetMultipathTCP(false)
		dial = d.DialContext
	}
	c.s.clock().Busy(-1)
	up, err := dial(c.s.life(), "tcp", c.s.Forward)
	c.s.clock().Busy(1)
	if err != nil {
		return err
	}
	r := &relay{c: c, up: up, raw: up, done: make(chan struct{})}
	if c.s.ForwardTLS != nil {
		if r.up, err = c.s.secureForward(up); err != nil {
			up.Close()
			return err
		}
	}
	clock := c.s.clock()
	r.writing.clock, r.hearing.clock, r.hearing.expire = clock, clock, up.SetReadDeadline
	if c.s.ForwardTLS == nil { // TLS does not survive a write that was interrupted
		r.writing.expire = up.SetWriteDeadline
	}
	c.mu.Lock()
	c.relay = r
	c.mu.Unlock()
	c.s.clock().Busy(1)
	c.s.running.Go(r.back)
	return nil
}

// secureForward shakes hands with the receiver behind. It ends with the server.
func (s *Server) secureForward(raw net.Conn) (net.Conn, error) {
	config := s.ForwardTLS.Clone()
	config.Time = s.now
	if host, _, err := net.SplitHostPort(s.Forward); err == nil && config.ServerName == "" {
		config.ServerName = host
	}
	secured := tls.Client(raw, config)
	s.clock().Busy(-1)
	defer s.clock().Busy(1)
	return secured, secured.HandshakeContext(s.life())
}

// passable is up to where in the scanner's buffer bytes may be passed on: to
// the end of it, unless messages wait there that a fault may yet be for.
func (c *conn) passable() int {
	if c.dry && !c.whole {
		return c.scan.w
	}
	return c.scan.r
}

// owes says whether bytes before a place are not yet passed on.
func (r *relay) owes(to int) bool { return r != nil && r.unsent < to }

// pass passes on what comes before a place. A change of the faults interrupts
// it: then some of it is left, and no error.
func (r *relay) pass(to int) error {
	stop, ok := r.c.begin(&r.writing, 0)
	if !ok {
		return nil
	}
	return r.write(to, stop)
}

// flush passes on all of it before the connection ends, unless the receiver
// behind was not taking any.
func (r *relay) flush(to int) error {
	for r.owes(to) && !r.stuck {
		r.writing.mu.Lock()
		stop := r.writing.begin(0)
		r.writing.mu.Unlock()
		if err := r.write(to, stop); err != nil {
			return err
		}
		r.stuck = false // whoever interrupted it, nobody else passes on the rest
	}
	return nil
}

// write follows writing's begin.
func (r *relay) write(to int, stop func() bool) error {
	n, err := r.up.Write(r.c.scan.buf[r.unsent:to])
	r.writing.end(stop)
	r.unsent += n
	if r.stuck = errors.Is(err, os.ErrDeadlineExceeded); r.stuck {
		return nil
	}
	return err
}

// swallow leaves out the message that was just taken, which began at a place.
// What came before it is passed on.
func (r *relay) swallow(from int) {
	_ = r.flush(from) // a receiver that is gone is noticed by the next write, or by back
	r.unsent = max(r.unsent, r.c.scan.r)
}

// interrupt ends what waits for the receiver behind.
func (r *relay) interrupt() {
	if r.c.s.life().Err() != nil {
		r.raw.Close()
		r.letGo()
	}
	r.writing.interrupt()
}

// back copies what the receiver behind says, and how it ends, each as much
// later as it was when it was said: a delay is not a bandwidth.
func (r *relay) back() {
	defer close(r.done) // and it stays counted as busy: see await
	s := r.c.s
	buf := make([]byte, smallBuffer)
	for s.life().Err() == nil {
		wait := time.Duration(0)
		if !r.late.empty() {
			wait = r.late.parcels[0].due.Sub(s.now())
		}
		switch {
		case !r.late.empty() && wait <= 0:
			if !r.passBack(r.late.pop()) {
				return
			}
		case r.late.full():
			s.park(s.era(), wait)
		case !r.hear(buf, wait):
			return
		}
	}
	r.broken = net.ErrClosed
}

// hear reads from the receiver behind, and no longer than wait, if positive. It
// says whether the relay still stands.
func (r *relay) hear(buf []byte, wait time.Duration) bool {
	r.hearing.mu.Lock()
	stop := r.hearing.begin(wait)
	r.hearing.mu.Unlock()
	n, err := r.up.Read(buf)
	r.hearing.end(stop)
	switch {
	case errors.Is(err, net.ErrClosed):
		r.broken = err
		return false
	case errors.Is(err, os.ErrDeadlineExceeded):
		err = nil
	}
	if n > 0 || err != nil {
		r.late.add(buf[:n], err, r.c.s.now().Add(time.Duration(r.c.lateBack.Load())))
	}
	return true
}

// passBack gives the sender what the receiver behind said, or how it ended, and
// says whether that goes on.
func (r *relay) passBack(p parcel) bool {
	if len(p.data) > 0 {
		r.c.nc.Write(p.data)
	}
	switch {
	case p.err == nil:
		return true
	case errors.Is(p.err, io.EOF), errors.Is(p.err, io.ErrUnexpectedEOF): // under TLS: FIN without close_notify
		r.c.closeWrite()
	default:
		r.broken = p.err
		r.c.linger()
		r.c.raw.Close()
	}
	return false
}

// letGo ends a write to a sender that doesn't read what the receiver behind
// says.
func (r *relay) letGo() { r.c.raw.SetWriteDeadline(longAgo) }

// await waits until back has ended and takes over its token of work.
func (r *relay) await() {
	r.c.s.clock().Busy(-1)
	<-r.done
}

// finish ends the connection to the receiver behind as the one to the sender
// ended, and returns how the latter is to be ended.
func (r *relay) finish(how ending) ending {
	switch how {
	case endPeerFIN, endPeerCut, endClose:
		closeWrite(r.up, r.raw)
		r.await()
		if r.broken != nil {
			how = endBehind
		}
		r.up.Close()
	default:
		if l, ok := r.raw.(interface{ SetLinger(sec int) error }); ok && how != endStop {
			l.SetLinger(0)
		}
		r.raw.Close()
		r.letGo()
		r.await()
	}
	return how
}

// packetRelay passes datagrams on.
func (s *Server) packetRelay() (net.Conn, error) {
	if s.Forward == "" {
		return nil, nil
	}
	dial := s.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	up, err := dial(context.Background(), "udp", s.Forward)
	if err != nil {
		return nil, fmt.Errorf("forward to %s: %w", s.Forward, err)
	}
	return up, nil
}
