package stepped

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"syscall"
)

// conn is a connection of which the party keeps account.
type conn struct {
	*net.TCPConn
	party    *Party
	key      string
	end      *End
	acceptor bool
	closed   atomic.Bool // for whoever has a listener's lock, and so must not wait for the party's

	// The party's lock guards these.
	aborted bool
	journey journey
}

// keep begins to keep account of c; the key of both its ends is the same.
func (p *Party) keep(c *net.TCPConn, acceptor bool) *conn {
	key := c.LocalAddr().String() + ">" + c.RemoteAddr().String()
	if acceptor {
		key = c.RemoteAddr().String() + ">" + c.LocalAddr().String()
	}
	k := &conn{TCPConn: c, party: p, key: key, end: &End{}, acceptor: acceptor}
	if acceptor {
		key = Accepted(key)
		quick(c)
	}
	p.change(func() {
		if p.ends == nil {
			p.ends = map[string]*End{}
		}
		p.ends[key] = k.end
	})
	return k
}

// Accepted is the key under which the acceptor of a connection keeps its end.
func Accepted(key string) string { return key + " accepted" }

func (c *conn) note(f func(e *End)) { c.party.change(func() { f(c.end) }) }

// Read implements net.Conn.
func (c *conn) Read(b []byte) (int, error) {
	c.note(func(e *End) { e.Reading = true })
	n, err := c.TCPConn.Read(b)
	if n > 0 && c.acceptor {
		quick(c.TCPConn)
	}
	c.note(func(e *End) {
		e.Received += int64(n)
		e.Reading = false
		if err != nil && !isTimeout(err) {
			e.Over = true
		}
		if c.aborted && err != nil {
			err = &net.OpError{Op: "read", Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: syscall.ECONNRESET}
		}
	})
	return n, err
}

func isTimeout(err error) bool {
	var timeout interface{ Timeout() bool }
	return errors.As(err, &timeout) && timeout.Timeout()
}

// Write implements net.Conn. What is to be sent is counted before the kernel has
// it: the other side must never have read more than was sent.
func (c *conn) Write(b []byte) (int, error) {
	c.note(func(e *End) {
		e.Sent, e.Writing = e.Sent+int64(len(b)), true
		c.journey.depart(len(b), c.party.now)
	})
	n, err := c.TCPConn.Write(b)
	c.note(func(e *End) { e.Sent, e.Writing = e.Sent-int64(len(b)-n), false })
	return n, err
}

// ReadFrom and WriteTo are those of no socket: the kernel would move the bytes by
// itself, and nobody would count them.

// ReadFrom implements io.ReaderFrom.
func (c *conn) ReadFrom(r io.Reader) (int64, error) { return io.Copy(struct{ io.Writer }{c}, r) }

// WriteTo implements io.WriterTo.
func (c *conn) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, struct{ io.Reader }{c}) }

// CloseWrite sends FIN.
func (c *conn) CloseWrite() error {
	c.note(func(e *End) { e.WriteClosed = true })
	return c.TCPConn.CloseWrite()
}

// Close implements net.Conn.
func (c *conn) Close() error {
	err := c.TCPConn.Close()
	c.closed.Store(true)
	c.note(func(e *End) { e.Closed = true })
	return err
}

// Unacked is how many bytes the other side has not acknowledged: its kernel, at
// once, and then a round trip has to pass.
func (c *conn) Unacked() (n int, ok bool) {
	n, ok = unacked(c.TCPConn)
	c.party.mu.Lock()
	defer c.party.mu.Unlock()
	return max(n, c.journey.under(c.party.now)), ok
}

// Silence lets the kernel drop what comes, or no longer drop it. A connection
// that the other side gave up meanwhile is reset in the end, as its packets
// would be.
func (c *conn) Silence(on bool) error {
	if forsaken := c.party.Forsaken; !on && forsaken != nil && forsaken(c.key) {
		c.abort()
		return nil
	}
	c.note(func(e *End) { e.Silent = on })
	return silence(c.TCPConn, on)
}

// abort breaks the connection with RST: its reader meets a reset.
func (c *conn) abort() {
	c.TCPConn.SetLinger(0)
	c.party.change(func() { c.aborted = true })
	c.Close()
}
