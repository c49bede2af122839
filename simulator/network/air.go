package network

import (
	"fmt"
	"net"
	"net/netip"
	"slices"
	"syscall"
	"time"
)

// air is the datagrams under way, by the time at which they land.
type air struct {
	flights []flight
	timer   *time.Timer
}

type flight struct {
	sender *PacketConn
	to     netip.AddrPort
	lands  time.Time
	datagram
}

// Write sends one datagram to the peer of a connected socket.
func (p *PacketConn) Write(b []byte) (int, error) {
	if !p.remote.IsValid() {
		return 0, p.opError("write", nil, syscall.EDESTADDRREQ)
	}
	return p.send("write", b, p.remote)
}

// WriteTo sends one datagram. It never waits, and success says nothing of its
// arrival.
func (p *PacketConn) WriteTo(b []byte, to net.Addr) (int, error) {
	if p.remote.IsValid() {
		return 0, p.opError("write", to, net.ErrWriteToConnected)
	}
	addr, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, p.opError("write", to, &net.AddrError{Err: "not a UDP address", Addr: fmt.Sprint(to)})
	}
	ap := addr.AddrPort()
	return p.send("sendto", b, netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port()))
}

func (p *PacketConn) send(call string, b []byte, to netip.AddrPort) (int, error) {
	n := p.host.n
	n.lock()
	defer n.unlock()
	from, err := p.sendable(b, to)
	if err != nil {
		return 0, p.opError("write", udpAddr(to), named(call, err))
	}
	delays := []time.Duration{0}
	if n.DatagramFault != nil {
		delays = n.DatagramFault(from, to, b)
	}
	if len(delays) == 0 {
		n.tell(DatagramLost, p.host, from, to, "by a fault")
	}
	latency := n.latency(p.host, from.Addr(), to.Addr())
	for _, d := range delays {
		n.launch(flight{p, to, time.Now().Add(latency + d), datagram{from, slices.Clone(b)}})
	}
	return len(b), nil
}

// sendable gives the source of a datagram, or why it can't be sent.
func (p *PacketConn) sendable(b []byte, to netip.AddrPort) (from netip.AddrPort, err error) {
	from = p.at.addr
	switch {
	case p.closed:
		return from, net.ErrClosed
	case p.fault != nil:
		return from, p.takeFault()
	case len(b) > largest(to.Addr()):
		return from, syscall.EMSGSIZE
	case from.Addr().IsUnspecified():
		src, err := p.host.source(to.Addr())
		return netip.AddrPortFrom(src, from.Port()), err
	}
	return from, nil
}

// largest is the payload that fits into a packet of 65,535 bytes: IPv4's size
// counts its header of 20 bytes, IPv6's does not (RFC 768, 791, 8200).
func largest(to netip.Addr) int {
	if to.Is4() {
		return 65535 - 20 - 8
	}
	return 65535 - 8
}

// launch keeps datagrams that land at one instant in the order of sending.
func (n *Network) launch(f flight) {
	a := &n.air
	i := len(a.flights)
	for i > 0 && a.flights[i-1].lands.After(f.lands) {
		i--
	}
	a.flights = slices.Insert(a.flights, i, f)
	if i == 0 {
		n.awaitLanding()
	}
}

func (n *Network) awaitLanding() {
	wait := time.Until(n.air.flights[0].lands)
	if n.air.timer != nil {
		n.air.timer.Reset(wait)
		return
	}
	n.air.timer = time.AfterFunc(wait, func() {
		n.lock()
		defer n.unlock()
		n.land()
	})
}

// land delivers what is due.
func (n *Network) land() {
	a := &n.air
	for len(a.flights) > 0 && !time.Now().Before(a.flights[0].lands) {
		f := a.flights[0]
		a.flights[0] = flight{}
		a.flights = a.flights[1:]
		if where := n.receive(f); where != "" {
			n.tell(DatagramLost, f.sender.host, f.from, f.to, where)
		}
	}
	if len(a.flights) > 0 {
		n.awaitLanding()
	}
}

// receive puts a datagram into the socket it is for, or says where it was lost.
func (n *Network) receive(f flight) (lost string) {
	fate, host := n.deliver(f.sender.host, f.from.Addr(), f.to.Addr(), nil)
	if fate != arrives {
		return "on its way"
	}
	p := host.packet(f.to)
	switch {
	case p == nil && host.stealth:
		return "dropped at " + host.name
	case p != nil && p.silent:
		return "the socket is silent, at " + host.name
	case p == nil:
		f.sender.unreachable(f.to)
		return "no socket at " + host.name
	case p.remote.IsValid() && p.remote != f.from:
		return "the socket is connected to another, at " + host.name
	case p.inBytes+len(f.payload) > p.readLimit:
		return "the receive buffer is full at " + host.name
	}
	p.in.add(f.datagram)
	p.inBytes += len(f.payload)
	p.readable.Broadcast()
	return ""
}

// unreachable is the ICMP message of a closed port, which only a connected
// socket learns of. It takes no time on its way.
func (p *PacketConn) unreachable(to netip.AddrPort) {
	if p.remote == to {
		p.fault = syscall.ECONNREFUSED
		p.readable.Broadcast()
	}
}
