package fakecas

import "net"

// connection is an accepted connection that can be broken.
type connection struct {
	net.Conn
	name string
	port *port
}

// track makes c known to the port until it is closed.
func (p *port) track(c net.Conn) *connection {
	conn := &connection{Conn: c, name: c.RemoteAddr().String() + ">" + c.LocalAddr().String(), port: p}
	p.mu.Lock()
	p.conns[conn] = struct{}{}
	p.mu.Unlock()
	return conn
}

// Close implements net.Conn.
func (c *connection) Close() error {
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
