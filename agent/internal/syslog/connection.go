package syslog

import (
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"syscall"
)

// bufferSize is what is written at once: large writes are several times
// cheaper a line than small ones.
const bufferSize = 64 << 10

// buffers are shared by connections, which come and go with every batch.
var buffers = sync.Pool{New: func() any { b := make([]byte, 0, bufferSize); return &b }}

// ErrEnded is a peer that closed, or reset, before it was asked to.
var ErrEnded = errors.New("the receiver closed the connection")

// Connection is one connection to the receiver. Send, Flush and Confirm are
// called from one goroutine at a time; the other methods from any.
type Connection struct {
	sink    *Sink
	stream  net.Conn // what lines are written to: raw, or TLS over it
	raw     *rawConn
	unacked acknowledged // nil when it is not to be had
	name    string

	buffer  *[]byte
	written atomic.Int64

	asked atomic.Bool

	// The reader closes these, when the stream that lines are written to has
	// ended, and when the connection under it has. Why is there from then on:
	// io.EOF if cleanly.
	ended, over chan struct{}
	end, last   error
}

func newConnection(s *Sink, conn net.Conn) *Connection {
	raw := &rawConn{Conn: conn}
	return &Connection{
		sink:    s,
		stream:  raw,
		raw:     raw,
		unacked: unackedOf(conn),
		name:    conn.LocalAddr().String() + ">" + conn.RemoteAddr().String(),
		ended:   make(chan struct{}),
		over:    make(chan struct{}),
	}
}

// Name returns "local>remote".
func (c *Connection) Name() string { return c.name }

// Ended is closed when the peer's side of the stream has ended, however; over
// UDP never.
func (c *Connection) Ended() <-chan struct{} { return c.ended }

// Cause returns why the stream has ended; only once Ended is closed.
func (c *Connection) Cause() error { return c.because(c.end) }

func (c *Connection) because(end error) error {
	if end == io.EOF {
		end = ErrEnded
	}
	return fmt.Errorf("%s: %w", c.sink.Address(), brief(end))
}

// start starts the reader, which runs from the beginning so that a peer that
// closes, or that was there no longer, is noticed at once.
func (c *Connection) start() {
	if c.sink.Transport == UDP {
		return
	}
	go c.read()
}

// Send frames line and writes it, or keeps it until there is more or Flush is
// called. It blocks while the receiver takes nothing.
func (c *Connection) Send(line []byte) error {
	if c.sink.Transport == UDP {
		return c.sendDatagram(line)
	}
	if c.buffer == nil {
		c.buffer = buffers.Get().(*[]byte)
	}
	*c.buffer = c.sink.Framing.AppendFrame(*c.buffer, line, c.sink.MaxSize)
	if len(*c.buffer) < bufferSize-bufferSize/8 {
		return nil
	}
	return c.Flush()
}

// mostDatagram is what UDP over IPv4 carries (RFC 791, section 3.1; RFC 768),
// and leastDatagram what every receiver takes (RFC 5426, section 3.2).
const (
	mostDatagram  = 65535 - 20 - 8
	leastDatagram = 480
)

// sendDatagram tries again after a refusal, which answers an earlier datagram
// and kept this one from being sent. UDP promises nothing, so a second one is
// let go.
func (c *Connection) sendDatagram(line []byte) error {
	line = cut(cut(line, c.sink.MaxSize), mostDatagram)
	n, err := c.stream.Write(line)
	if errors.Is(err, syscall.ECONNREFUSED) {
		n, err = c.stream.Write(line)
	}
	for errors.Is(err, syscall.EMSGSIZE) && len(line) > leastDatagram { // this system sends less at once
		line = cut(line, len(line)/2)
		n, err = c.stream.Write(line)
	}
	c.written.Add(int64(n))
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.EMSGSIZE) {
		return nil
	}
	return c.named(err)
}

// Flush writes what Send kept.
func (c *Connection) Flush() error {
	if c.buffer == nil {
		return nil
	}
	c.sink.Clock.Busy(-1) // the caller's: a write may wait for the receiver
	n, err := c.stream.Write(*c.buffer)
	c.sink.Clock.Busy(+1)
	c.written.Add(int64(n))
	*c.buffer = (*c.buffer)[:0]
	buffers.Put(c.buffer)
	c.buffer = nil
	return c.named(err)
}

func (c *Connection) named(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", c.sink.Address(), brief(err))
}

// Close ends the connection at once and discards what was not sent yet, so that
// a receiver that wakes up late is given no more than it has.
func (c *Connection) Close() {
	if lingerer, ok := c.raw.Conn.(interface{ SetLinger(int) error }); ok && c.Unacked() > 0 {
		lingerer.SetLinger(0)
	}
	c.raw.Close()
	if c.sink.Transport != UDP {
		<-c.over
	}
}

// Unacked returns how many bytes the peer's kernel has not acknowledged, or 0
// when that is not to be had.
func (c *Connection) Unacked() int {
	if c.unacked == nil {
		return 0
	}
	n, _ := c.unacked.Unacked()
	return n
}

// Tells reports whether the system tells what is acknowledged.
func (c *Connection) Tells() bool {
	if c.unacked == nil {
		return false
	}
	_, ok := c.unacked.Unacked()
	return ok
}

// Asked reports whether Confirm has closed the writing side with everything
// acknowledged, so that only the receiver's answer is missing.
func (c *Connection) Asked() bool { return c.asked.Load() }

// Progress is how far delivery has come: whatever moves changes it.
type Progress struct {
	Written int64
	Unacked int
}

// Progress returns how far delivery has come on c.
func (c *Connection) Progress() Progress { return Progress{c.written.Load(), c.Unacked()} }

// brief takes the addresses off an error of package net.
func brief(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	return err
}
