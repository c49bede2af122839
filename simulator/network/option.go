package network

import (
	"net"
	"time"
)

// option applies a setting to a connection that is not closed.
func (c *Conn) option(set func()) error {
	c.n.lock()
	defer c.n.unlock()
	if c.closed {
		return c.opError("set", net.ErrClosed)
	}
	set()
	return nil
}

// SetDeadline sets both deadlines; the zero time means none.
func (c *Conn) SetDeadline(t time.Time) error {
	return c.option(func() {
		c.readLine.set(t, &c.readable)
		c.writeLine.set(t, &c.writable)
	})
}

// SetReadDeadline ends Read at a time; the zero time means never.
func (c *Conn) SetReadDeadline(t time.Time) error {
	return c.option(func() { c.readLine.set(t, &c.readable) })
}

// SetWriteDeadline ends Write at a time; the zero time means never.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	return c.option(func() { c.writeLine.set(t, &c.writable) })
}

// SetLinger with 0 makes Close send a RST; any other number of seconds is the
// default, a Close that sends what was written without waiting for it.
func (c *Conn) SetLinger(sec int) error { return c.option(func() { c.linger = sec }) }

// SetReadBuffer sets how many bytes the peer may send ahead of Read.
func (c *Conn) SetReadBuffer(bytes int) error {
	return c.option(func() {
		c.readLimit = bytes
		c.peer.pump()
	})
}

// SetWriteBuffer sets how many unacknowledged bytes Write takes before it waits.
func (c *Conn) SetWriteBuffer(bytes int) error {
	return c.option(func() {
		c.sendLimit = bytes
		c.writable.Broadcast()
	})
}

// SetKeepAliveConfig works as the method of *net.TCPConn: 0 means 15 s, 15 s
// and 9 probes, less than 0 leaves a value as it is.
func (c *Conn) SetKeepAliveConfig(config net.KeepAliveConfig) error {
	return c.option(func() {
		c.watch.configure(config)
		c.lookAgain()
	})
}

// SetUserTimeout sets Linux's TCP_USER_TIMEOUT: how long written bytes may go
// unacknowledged on a broken path before the connection is given up.
func (c *Conn) SetUserTimeout(d time.Duration) error {
	return c.option(func() {
		c.watch.userTimeout = d
		c.lookAgain()
	})
}
