package network

import (
	"fmt"
	"syscall"
	"time"
)

type segmentKind int

const (
	data segmentKind = iota
	ack
	fin
	rst
)

// segment is a packet on the wire. A data segment's bytes stay in the sender's
// out until it arrives; segments of one kind and instant are one segment.
type segment struct {
	kind segmentKind
	n    int // bytes sent, or acknowledged
	due  time.Time
}

// lost is what became of bytes that an end wrote and that its peer's program
// never read.
type lost struct{ unsent, flying, unread int }

func (l lost) String() string {
	return fmt.Sprintf("unsent=%d in-flight=%d unread=%d", l.unsent, l.flying, l.unread)
}

func (c *Conn) unsent() int { return c.out.len() - c.flying }

// over says that both ends have sent and received their FIN.
func (c *Conn) over() bool { return c.gotFIN && c.peer.gotFIN }

// pump sends what the peer's window has room for, and the FIN after the last
// of it. Window updates are seen at once: they take no time on the wire.
func (c *Conn) pump() {
	if c.dead {
		return
	}
	window := c.peer.readLimit - c.peer.in.len() - c.flying
	if c.peer.closed || c.peer.dead {
		window = c.unsent() // it will be answered with a RST
	}
	if n := min(c.unsent(), window); n > 0 {
		c.flying += n
		c.send(data, n)
	}
	if c.writeShut && !c.finSent && c.unsent() == 0 {
		c.finSent = true
		c.send(fin, 0)
	}
	c.look()
}

func (c *Conn) send(kind segmentKind, n int) {
	if kind == rst {
		c.locate() // a dead end is not told of changes
		if c.there != arrives {
			return // it is not sent again: the peer stays half open
		}
	}
	due := time.Now().Add(c.latency)
	if last := c.wire.last(); last != nil && last.kind == kind && last.due.Equal(due) {
		last.n += n
		return
	}
	c.wire.add(segment{kind, n, due})
	if c.wire.len() == 1 {
		c.schedule(c.latency)
	}
}

func (c *Conn) schedule(d time.Duration) {
	if c.wireTimer != nil {
		c.wireTimer.Reset(d)
		return
	}
	c.wireTimer = time.AfterFunc(d, func() {
		c.n.lock()
		defer c.n.unlock()
		c.flush()
	})
}

// flush delivers what is due. A broken path keeps all but a RST, as if TCP
// sent it again; when the path heals it arrives at once.
func (c *Conn) flush() {
	for c.wire.len() > 0 {
		s := c.wire.first(1)[0]
		wait := time.Until(s.due)
		switch {
		case wait > 0:
			c.schedule(wait)
			return
		case c.there == arrives:
			c.wire.drop(1)
			c.peer.arrive(s)
		case s.kind == rst:
			c.wire.drop(1)
		case c.there == strange:
			c.resetArrives()
			c.loseFlying()
			return
		default:
			return
		}
	}
	c.retire()
}

// reroute works out anew which way packets go, and acts on it.
func (c *Conn) reroute() {
	c.locate()
	c.flush()
	c.pump()
}

func (c *Conn) locate() {
	local, remote := c.at.local.Addr(), c.at.remote.Addr()
	c.there, _ = c.n.deliver(c.host, local, remote, c.peer.host)
	c.back, _ = c.n.deliver(c.peer.host, remote, local, c.host)
	if c.peer.silent && c.there == arrives {
		c.there = vanishes
	}
	if c.silent && c.back == arrives {
		c.back = vanishes
	}
	c.latency = c.n.latency(c.host, local, remote)
}

// arrive is one segment reaching this end.
func (c *Conn) arrive(s segment) {
	switch s.kind {
	case data:
		c.arriveData(s.n)
	case ack:
		c.unacked -= s.n
		c.pump()
		c.writable.Broadcast()
	case fin:
		c.arriveFIN()
	case rst:
		c.resetArrives()
	}
}

func (c *Conn) arriveData(n int) {
	bytes := c.peer.out.first(n)
	c.peer.flying -= n
	if c.dead || c.closed {
		c.peer.lost.flying += n
		c.peer.out.drop(n)
		c.die(nil)
		c.send(rst, 0)
		return
	}
	c.in.add(bytes...)
	c.peer.out.drop(n)
	c.send(ack, n)
	c.readable.Broadcast()
}

func (c *Conn) arriveFIN() {
	if c.dead {
		c.send(rst, 0)
		return
	}
	c.gotFIN = true
	if c.over() {
		c.tell(Closed, "")
	}
	c.retire()
	c.readable.Broadcast()
}

// resetArrives is a RST, from the peer or from a host that has its address.
func (c *Conn) resetArrives() {
	if c.dead || c.over() {
		return
	}
	err := syscall.ECONNRESET
	if c.gotFIN && !c.finSent {
		err = syscall.EPIPE // as Linux in CLOSE_WAIT
	}
	c.die(err)
	c.loseFlying()
	c.tell(Reset, c.cost())
}

// cost says which bytes the connection has lost.
func (c *Conn) cost() string {
	client, server := c, c.peer
	if !c.client {
		client, server = server, client
	}
	detail := "lost bytes: " + client.lost.String()
	if (server.lost != lost{}) {
		detail += "; on the way back: " + server.lost.String()
	}
	return detail
}

// abort closes this end with a RST, which overtakes nothing: what is in flight
// arrives before it.
func (c *Conn) abort() {
	if c.closed {
		return
	}
	c.closed = true
	c.readLine.stop()
	c.writeLine.stop()
	c.discard()
	if !c.dead {
		c.die(nil)
		c.send(rst, 0)
	}
	c.retire()
	c.wake()
}

// discard throws away what has arrived and will not be read.
func (c *Conn) discard() {
	c.peer.lost.unread += c.in.len()
	c.in = queue[byte]{}
}

// die ends this end. What it had not sent is lost.
func (c *Conn) die(err error) {
	if c.dead {
		return
	}
	c.dead, c.fault = true, err
	c.lost.unsent += c.unsent()
	c.look()
	c.wake()
}

// loseFlying makes what is in flight vanish.
func (c *Conn) loseFlying() {
	c.lost.flying += c.flying
	c.out, c.flying, c.wire = queue[byte]{}, 0, queue[segment]{}
	c.retire()
}

// vanish is a power cut at this end: the peer is told nothing.
func (c *Conn) vanish() {
	c.discard()
	c.closed = true
	c.readLine.stop()
	c.writeLine.stop()
	c.die(nil)
	c.loseFlying()
}

// retire lets the host forget an end that has nothing more to do.
func (c *Conn) retire() {
	if (c.dead || c.closed && c.over()) && c.wire.len() == 0 && c.host.conns[c.at] == c {
		delete(c.host.conns, c.at)
	}
}
