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

// Read implements net.Conn.
func (c *PacketConn) Read(b []byte) (int, error) {
	c.reading.Store(true)
	defer c.reading.Store(false)
	return c.UDPConn.Read(b)
}

// Write implements net.Conn.
func (c *PacketConn) Write(b []byte) (int, error) {
	c.party.change(func() { c.party.datagrams++ })
	return c.UDPConn.Write(b)
}

// WriteTo implements net.PacketConn.
func (c *PacketConn) WriteTo(b []byte, to net.Addr) (int, error) {
	c.party.change(func() { c.party.datagrams++ })
	return c.UDPConn.WriteTo(b, to)
}

// ReadFrom implements net.PacketConn.
func (c *PacketConn) ReadFrom(b []byte) (int, net.Addr, error) {
	c.reading.Store(true)
	defer c.reading.Store(false)
	return c.UDPConn.ReadFrom(b)
}

// Close implements net.PacketConn.
func (c *PacketConn) Close() error {
	err := c.UDPConn.Close()
	c.party.change(func() { delete(c.party.mailbox, c) })
	return err
}

// waits says whether there is a datagram that will be read now.
func (c *PacketConn) waits() bool { return c.reading.Load() && readable(c.UDPConn) }
