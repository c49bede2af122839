package stepped

import (
	"net"
	"sync/atomic"
)

// PacketConn is a UDP socket of which the party keeps account.
type PacketConn struct {
	*net.UDPConn
	party   *Party
	reading atomic.Bool
}

// ListenPacket receives on a UDP address of this machine.
func (p *Party) ListenPacket(address string) (*PacketConn, error) {
	at, err := net.ResolveUDPAddr("udp4", address)
	if err != nil {
		return nil, err
	}
	inner, err := net.ListenUDP("udp4", at)
	if err != nil {
		return nil, err
	}
	inner.SetReadBuffer(8 << 20) // as much as the kernel allows: nothing should be lost but on purpose
	return p.keepPackets(inner), nil
}

// keepPackets begins to keep account of a socket.
func (p *Party) keepPackets(inner *net.UDPConn) *PacketConn {
	c := &PacketConn{UDPConn: inner, party: p}
	p.change(func() {
		if p.mailbox == nil {
			p.mailbox = map[*PacketConn]struct{}{}
		}
		p.mailbox[c] = struct{}{}
	})
	return c
}

// chosen is the first of the ports that kernels choose (ip_local_port_range), of
// which one account is kept.
const chosen = 32768

// count notes what was sent to a port, or received at it.
func (c *PacketConn) count(to net.Addr, sent, received uint64) {
	port := to.(*net.UDPAddr).AddrPort().Port()
	if port >= chosen {
		port = 0
	}
	c.party.change(func() {
		if c.party.datagrams == nil {
			c.party.datagrams = map[uint16]Datagrams{}
		}
		d := c.party.datagrams[port]
		c.party.datagrams[port] = Datagrams{d.Sent + sent, d.Received + received}
	})
}

func (c *PacketConn) received(err error) {
	if err == nil {
		c.count(c.LocalAddr(), 0, 1)
	}
}

// Read implements net.Conn.
func (c *PacketConn) Read(b []byte) (int, error) {
	c.reading.Store(true)
	defer c.reading.Store(false)
	n, err := c.UDPConn.Read(b)
	c.received(err)
	return n, err
}

// Write implements net.Conn.
func (c *PacketConn) Write(b []byte) (int, error) {
	c.count(c.RemoteAddr(), 1, 0)
	return c.UDPConn.Write(b)
}

// WriteTo implements net.PacketConn.
func (c *PacketConn) WriteTo(b []byte, to net.Addr) (int, error) {
	c.count(to, 1, 0)
	return c.UDPConn.WriteTo(b, to)
}

// ReadFrom implements net.PacketConn.
func (c *PacketConn) ReadFrom(b []byte) (int, net.Addr, error) {
	c.reading.Store(true)
	defer c.reading.Store(false)
	n, from, err := c.UDPConn.ReadFrom(b)
	c.received(err)
	return n, from, err
}

// Close implements net.PacketConn.
func (c *PacketConn) Close() error {
	err := c.UDPConn.Close()
	c.party.change(func() { delete(c.party.mailbox, c) })
	return err
}

// waits says whether there is a datagram that will be read now.
func (c *PacketConn) waits() bool { return c.reading.Load() && readable(c.UDPConn) }
