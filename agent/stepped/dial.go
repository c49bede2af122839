package stepped

import (
	"context"
	"net"
	"net/netip"
)

// Dial returns a way to connect to an address of the form IP:port whose
// connections come from local, if that is valid, and of which the party keeps
// account. UDP needs no account: on one machine a datagram is there, or lost,
// when sending it returns.
func (p *Party) Dial(local netip.Addr) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		d := dialer(network, local)
		p.dialling(address, +1)
		defer p.dialling(address, -1)
		c, err := d.DialContext(ctx, network, address)
		if tcp, ok := c.(*net.TCPConn); ok && err == nil {
			return p.keep(tcp, false), nil
		}
		return c, err
	}
}

// dialer has no keepalive: that would run on the kernel's clock.
func dialer(network string, local netip.Addr) *net.Dialer {
	d := &net.Dialer{KeepAlive: -1, Control: control}
	d.SetMultipathTCP(false)
	switch {
	case !local.IsValid():
	case network == "udp":
		d.LocalAddr = net.UDPAddrFromAddrPort(netip.AddrPortFrom(local, 0))
	default:
		d.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(local, 0))
	}
	return d
}

func (p *Party) dialling(target string, n int) {
	p.change(func() {
		if p.dials == nil {
			p.dials = map[string]int{}
		}
		if p.dials[target] += n; p.dials[target] == 0 {
			delete(p.dials, target)
		}
	})
}
