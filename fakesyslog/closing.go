package fakesyslog

import (
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// ended ends a connection that the peer, or the network, ended. A clean end of
// stream is answered with our own, so that a sender that waits for it knows
// that everything was read.
func (c *conn) ended() {
	how := endPeerReset
	if errors.Is(c.over, io.EOF) {
		how = endPeerFIN
		if c.wire != nil && c.wire.ended.Load() {
			how = endPeerCut
		}
	}
	from := c.scan.r
	if f, ok := c.scan.rest(); ok {
		c.take(f, from)
	}
	if c.relay != nil && c.relay.flush(c.scan.r) != nil {
		how = endBehind
	}
	c.close(how)
}

// breakOff ends a connection from our side. What the kernel holds is drained
// first, so that it can be booked as unread.
func (c *conn) breakOff(how ending) {
	if c.relay != nil {
		c.relay.flush(c.passable()) // what came before the break
	}
	taken, unread := c.late.bytes, 0
	if how != endFrame { // else nothing that follows can be told apart
		unread = c.drain()
	}
	if how == endReset || how == endCrash && unread > 0 || how == endTaken && unread > taken {
		c.linger()
	}
	c.close(how)
}

func (c *conn) close(how ending) {
	if c.relay != nil {
		if how = c.relay.finish(how); how == endBehind {
			c.linger()
		}
	}
	if how == endReset || how == endBehind || how == endCrash || how == endTaken {
		c.raw.Close() // no close_notify
	} else {
		c.nc.Close()
	}
	now := c.s.now()
	c.s.mu.Lock()
	delete(c.s.conns, c)
	for _, in := range c.s.active {
		delete(in.sights, c)
	}
	c.s.note(Event{Time: now, Kind: KindClosed, Connection: c.label, Detail: fmt.Sprintf("%s, %d bytes read", how, c.bytes)})
	c.s.mu.Unlock()
	c.s.tell()
}

// drainLimit bounds how much is drained from a sender that never pauses: ten
// times the largest receive buffer of Linux's default settings.
const drainLimit = 64 << 20

// drain books what was received and never handled, and says how many bytes of it
// were delayed or in the kernel. After the reading side is shut Linux still gives what its
// buffer holds and then end of stream, so a drain never waits.
func (c *conn) drain() int {
	c.bookBuffered()
	drained := c.late.bytes
	for !c.late.empty() {
		c.release()
		c.bookBuffered()
	}
	half, ok := c.raw.(interface{ CloseRead() error })
	if ok && half.CloseRead() == nil {
		c.raw.SetReadDeadline(time.Time{})
		for drained < drainLimit {
			n, err := c.nc.Read(c.scan.space())
			c.scan.filled(n)
			drained += n
			c.bookBuffered()
			if err != nil {
				break
			}
		}
	}
	if f, more := c.scan.rest(); more {
		c.bookUnread(f)
	}
	return drained
}

func (c *conn) bookBuffered() {
	for f, ok := c.scan.next(); ok; f, ok = c.scan.next() {
		c.bookUnread(f)
	}
}

// linger makes the next Close send RST.
func (c *conn) linger() {
	if l, ok := c.raw.(interface{ SetLinger(sec int) error }); ok {
		l.SetLinger(0)
	}
}

// closeWrite sends FIN, under TLS after close_notify, and leaves the reading
// side open.
func (c *conn) closeWrite() {
	closeWrite(c.nc, c.raw)
}

func closeWrite(secured, raw net.Conn) {
	for _, side := range []net.Conn{secured, raw} {
		if h, ok := side.(interface{ CloseWrite() error }); ok {
			h.CloseWrite()
		}
	}
}
