package stepped

import (
	"context"
	"net"
	"net/netip"
	"syscall"
)

// dial is one that is under way.
type dial struct {
	party  *Party
	target string
	raw    syscall.RawConn // nil before there is a socket
}

// Dial returns a way to connect to an address of the form IP:port whose
// connections come from local, if that is valid, and of which the party keeps
// account.
func (p *Party) Dial(local netip.Addr) func(ctx context.Context, network, address string) (net.Conn, error) {
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		underway := &dial{party: p, target: address}
		p.change(func() {
			if p.dials == nil {
				p.dials = map[*dial]struct{}{}
			}
			p.dials[underway] = struct{}{}
		})
		defer p.change(func() { delete(p.dials, underway) })
		c, err := underway.dialer(network, local).DialContext(ctx, network, address)
		switch c := c.(type) {
		case *net.TCPConn:
			return p.keep(c, false), err
		case *net.UDPConn:
			return p.keepPackets(c), err
		}
		return nil, err
	}
}

// dialer has no keepalive: that would run on the kernel's clock.
func (d *dial) dialer(network string, local netip.Addr) *net.Dialer {
	dialer := &net.Dialer{KeepAlive: -1, Control: func(_, _ string, raw syscall.RawConn) error {
		d.party.change(func() { d.raw = raw })
		return lateBinding(raw)
	}}
	dialer.SetMultipathTCP(false)
	switch {
	case !local.IsValid():
	case network == "udp":
		dialer.LocalAddr = net.UDPAddrFromAddrPort(netip.AddrPortFrom(local, 0))
	default:
		dialer.LocalAddr = net.TCPAddrFromAddrPort(netip.AddrPortFrom(local, 0))
	}
	return dialer
}

// answered says whether the kernel has an answer that the dial has not noticed.
// The party's lock is held.
func (d *dial) answered() bool { return d.raw != nil && writable(d.raw) }
