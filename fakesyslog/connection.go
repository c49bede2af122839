package fakesyslog

import (
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// conn is one connection of a client. Its goroutine owns it, but for what mu
// guards.
type conn struct {
	s      *Server
	from   *listener
	raw    net.Conn // of the transport
	nc     net.Conn // raw, or the TLS connection over it
	wire   *wire    // under TLS: tells a bare FIN from close_notify
	label  string   // "client addr:port>server addr:port"
	remote string
	number uint64 // order of acceptance

	relay *relay // passes everything on; nil without a receiver behind

	scan     scanner
	line     Line
	messages int64
	bytes    int64
	reads    int64
	last     time.Time    // when the last bytes came
	dry      bool         // no whole message is in the buffer
	late     delayLine    // read, and not yet in scan
	lateBack atomic.Int64 // nanoseconds by which the receiver behind is heard later
	ahead    []byte       // what is read into it first
	over     error        // how reading ended; nil while it goes on

	shut   bool // our writing side was closed
	silent bool // the kernel drops what comes
	whole  bool // only whole messages are passed on
	buffer int  // size to which the kernel's receive buffer was set

	generation uint64 // of the faults that the last turn was asked of

	reading blocking // of nc

	mu sync.Mutex // guards relay while others than the connection's goroutine look
}

func newConn(l *listener, nc net.Conn) *conn {
	if k, ok := nc.(interface {
		SetKeepAliveConfig(net.KeepAliveConfig) error
	}); ok { // whoever listened for us: see plainTCP
		k.SetKeepAliveConfig(net.KeepAliveConfig{Idle: -1, Interval: -1, Count: -1})
	}
	remote, local := nc.RemoteAddr().String(), nc.LocalAddr().String()
	return &conn{s: l.s, from: l, raw: nc, nc: nc, label: remote + ">" + local, remote: remote, last: l.s.now(),
		scan:    scanner{framing: l.s.Framing, max: l.s.maxSize(), long: l.s.LongLine},
		reading: blocking{clock: l.s.clock(), expire: nc.SetReadDeadline}}
}

// run reads the connection to its end. It starts as busy.
func (c *conn) run() {
	defer c.s.clock().Busy(-1)
	if c.from.network == "tls" && !c.shake() {
		return
	}
	if c.s.Forward != "" {
		if err := c.forward(); err != nil {
			c.s.complain(c.label, fmt.Errorf("forward to %s: %w", c.s.Forward, err))
			c.linger()
			c.close(endBehind)
			return
		}
	}
	for c.step() {
	}
}

// step does one thing: ends, waits, takes a message, passes on what it has, or
// reads. It says whether the connection goes on.
func (c *conn) step() bool {
	t := c.turn()
	switch {
	case t.end != goesOn:
		c.breakOff(t.end)
		return false
	case t.hold || t.wait > 0:
		c.s.park(c.generation, t.wait)
		return true
	}
	from := c.scan.r
	if f, ok := c.scan.next(); ok {
		c.dry = false
		if c.take(f, from) {
			return true
		}
		c.breakOff(endFrame)
		return false
	}
	switch {
	case !c.dry:
		c.dry = true // a fault that waits for an empty buffer may have something to say
	case c.over != nil:
		c.ended()
		return false
	case c.relay.owes(c.passable()):
		if c.relay.pass(c.passable()) != nil {
			c.breakOff(endBehind)
			return false
		}
	default:
		c.over = c.read(t)
	}
	return true
}

// turn asks the faults what may be done next, and does at once what concerns
// the connection as such.
func (c *conn) turn() turn {
	var t turn
	var hits []Event
	if c.s.faulty.Load() {
		t, hits = c.s.turn(c)
	}
	c.lateBack.Store(int64(t.late))
	c.whole = t.whole
	if t.shut && !c.shut {
		c.shut = true
		c.closeWrite()
	}
	if t.silent != c.silent {
		c.silent = t.silent
		if err := silence(c.raw, t.silent); err != nil {
			c.s.complain(c.label, err)
		}
	}
	if t.buffer > 0 && t.buffer != c.buffer {
		c.buffer = t.buffer
		if b, ok := c.raw.(interface{ SetReadBuffer(int) error }); ok {
			b.SetReadBuffer(t.buffer)
		}
	}
	if len(hits) > 0 {
		c.s.mu.Lock()
		for _, e := range hits {
			c.s.note(e)
		}
		c.s.mu.Unlock()
		c.s.tell()
	}
	return t
}
