package fakesyslog

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// conn is one connection of a client. Its goroutine owns it, but for what mu
// guards.
type conn struct {
	s      *Server
	from   *listener
	nc     net.Conn
	label  string // "client addr:port>server addr:port"
	remote string
	number uint64 // order of acceptance

	scan     scanner
	line     Line
	messages int64
	bytes    int64
	last     time.Time // when the last bytes came
	dry      bool      // no whole message is in the buffer
	shut     bool      // our writing side was closed

	generation uint64 // of the faults that the last turn was asked of

	mu      sync.Mutex
	reading bool
	poked   bool // an interrupt counted this reader as busy
	expired bool // the read deadline lies in the past
}

func newConn(l *listener, nc net.Conn) *conn {
	remote, local := nc.RemoteAddr().String(), nc.LocalAddr().String()
	max := l.s.MaxSize
	if max <= 0 {
		max = defaultMaxSize
	}
	return &conn{s: l.s, from: l, nc: nc, label: remote + ">" + local, remote: remote, last: l.s.now(),
		scan: scanner{framing: l.s.Framing, max: max, long: l.s.LongLine}}
}

// run reads the connection to its end. It starts as busy.
func (c *conn) run() {
	defer c.s.clock().Busy(-1)
	for {
		t := c.turn()
		switch {
		case t.end != goesOn:
			c.breakOff(t.end)
			return
		case t.hold || t.wait > 0:
			c.s.park(c.generation, t.wait)
			continue
		}
		if f, ok := c.scan.next(); ok {
			c.dry = false
			if c.take(f); f.fatal {
				c.breakOff(endFrame)
				return
			}
			continue
		}
		if !c.dry {
			c.dry = true
			continue // a fault that waits for an empty buffer may have something to say
		}
		if err := c.read(t.most); err != nil {
			c.ended(err)
			return
		}
	}
}

func (c *conn) turn() turn {
	if !c.s.faulty.Load() {
		return turn{}
	}
	t := c.s.turn(c)
	if t.shut && !c.shut {
		c.shut = true
		closeWrite(c.nc)
	}
	return t
}

// read reads once, at most most bytes. An interrupt is no error.
func (c *conn) read(most int) error {
	p := c.scan.space()
	if most > 0 && most < len(p) {
		p = p[:most]
	}
	if !c.beginRead() {
		return nil
	}
	n, err := c.nc.Read(p)
	c.endRead()
	if n > 0 {
		c.last = c.s.now()
		c.bytes += int64(n)
		c.scan.filled(n)
		c.dry = false
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	return err
}

// beginRead says whether the connection may still be read. Faults that changed
// since the last turn must be asked first.
func (c *conn) beginRead() bool {
	c.s.mu.Lock()
	fresh := !c.s.faulty.Load() || c.generation == c.s.generation
	c.mu.Lock()
	c.s.mu.Unlock()
	defer c.mu.Unlock()
	if !fresh {
		return false
	}
	if c.expired {
		c.expired = false
		c.nc.SetReadDeadline(time.Time{})
	}
	c.reading = true
	c.s.clock().Busy(-1)
	return true
}

func (c *conn) endRead() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.poked {
		c.s.clock().Busy(1)
	}
	c.reading, c.poked = false, false
}

// longAgo is a deadline that is over whichever clock is asked.
var longAgo = time.Unix(1, 0)

// interrupt makes a read that is under way return.
func (c *conn) interrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.reading {
		return
	}
	if !c.poked {
		c.poked = true
		c.s.clock().Busy(1)
	}
	c.expired = true
	c.nc.SetReadDeadline(longAgo)
}

// take parses and books one message.
func (c *conn) take(f frame) {
	c.messages++
	c.line.Parse(f.data)
	place, kind, what := Parsed, KindLine, ""
	switch {
	case f.cut:
		place, kind, what = Truncated, KindTruncated, f.wrong
	case f.wrong != "":
		place, kind, what = Rejected, KindRejected, f.wrong
	case len(c.line.Deviations) > 0:
		place, kind, what = Rejected, KindRejected, deviations(c.line.Deviations)
	}
	c.book(f, c.wholeID(), place, kind, what)
}

// wholeID is the id of the line. Where it is the last that came, it may have
// gone on, and is none.
func (c *conn) wholeID() []byte {
	ext := c.line.CEF.Extension
	if n := len(ext); n > 0 && string(ext[n-1].Key) == "externalId" {
		return nil
	}
	return c.line.ID()
}

func deviations(all []Deviation) string {
	text := all[0].String()
	if len(all) > 1 {
		text += fmt.Sprintf(" (and %d more)", len(all)-1)
	}
	return text
}

func (c *conn) book(f frame, id []byte, place Place, kind, what string) {
	c.s.ledger.book(id, place, c.label, f.offset, c.last, f.data)
	if c.s.Hook == nil {
		return
	}
	detail := fmt.Sprintf("offset=%d", f.offset)
	if what != "" {
		detail += ": " + what
	}
	c.s.mu.Lock()
	c.s.note(Event{Time: c.last, Kind: kind, Connection: c.label, Record: string(id), Detail: detail})
	c.s.mu.Unlock()
	c.s.tell()
}

// ended ends a connection that the peer, or the network, ended. A clean end
// of stream is answered with our own, so that a sender that waits for it knows
// that everything was read.
func (c *conn) ended(err error) {
	how := endPeerReset
	if errors.Is(err, io.EOF) {
		how = endPeerFIN
	}
	if f, ok := c.scan.rest(); ok {
		c.take(f)
	}
	c.close(how)
}

// breakOff ends a connection from our side. What the kernel holds is drained
// first, so that it can be booked as unread.
func (c *conn) breakOff(how ending) {
	if how != endFrame { // else nothing that follows can be told apart
		c.drain()
	}
	if how == endReset {
		setLinger(c.nc)
	}
	c.close(how)
}

func (c *conn) close(how ending) {
	c.nc.Close()
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
