package fakecas

import (
	"net"
	"sync"
)

// connection is an accepted connection that can be broken or held.
type connection struct {
	net.Conn
	name string
	port *port

	mu   sync.Mutex
	gate chan struct{} // closed when it is read again; nil: not held
	once sync.Once
	done chan struct{} // closed with the connection
}

// track makes c known to the port until it is closed.
func (p *port) track(c net.Conn) *connection {
	conn := &connection{
		Conn: c,
		name: c.RemoteAddr().String() + ">" + c.LocalAddr().String(),
		port: p,
		done: make(chan struct{}),
	}
	p.mu.Lock()
	p.conns[conn] = struct{}{}
	p.mu.Unlock()
	return conn
}

// Hold lets nothing be read until Release or the connection's end. On one that
// was just accepted nothing is written either, since nothing was asked.
func (c *connection) Hold() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gate == nil {
		c.gate = make(chan struct{})
	}
}

// Release takes Hold back.
func (c *connection) Release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.gate != nil {
		close(c.gate)
		c.gate = nil
	}
}

// pass returns when bytes may be read.
func (c *connection) pass() error {
	c.mu.Lock()
	gate := c.gate
	c.mu.Unlock()
	if gate == nil {
		return nil
	}
	select {
	case <-gate:
		return nil
	case <-c.done:
		return net.ErrClosed
	}
}

// Read implements net.Conn.
func (c *connection) Read(b []byte) (int, error) {
	if err := c.pass(); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

// Close implements net.Conn.
func (c *connection) Close() error {
	c.once.Do(func() { close(c.done) })
	c.port.mu.Lock()
	delete(c.port.conns, c)
	c.port.mu.Unlock()
	return c.Conn.Close()
}

// Reset breaks the connection: the peer sees RST where the carrier has it.
func (c *connection) Reset() {
	if l, ok := c.Conn.(interface{ SetLinger(int) error }); ok {
		_ = l.SetLinger(0)
	}
	_ = c.Close()
}

// standing returns the connections that stand now.
func (p *port) standing() []*connection {
	p.mu.Lock()
	defer p.mu.Unlock()
	conns := make([]*connection, 0, len(p.conns))
	for c := range p.conns {
		conns = append(conns, c)
	}
	return conns
}
