package network

import (
	"context"
	"net"
	"net/netip"
	"os"
	"slices"
	"sync"
	"time"
)

// packetBuffer is Linux's net.core.rmem_default. Only payload counts here, so
// that more small datagrams fit than on Linux.
const packetBuffer = 212992

// datagram is one as its receiver finds it.
type datagram struct {
	from    netip.AddrPort
	payload []byte
}

// PacketConn is a UDP socket. One that Dial made is connected: it takes
// datagrams from its peer only, and learns of a closed port there as
// ECONNREFUSED on a later call.
type PacketConn struct {
	host      *Host
	network   string
	at        binding
	remote    netip.AddrPort // of a connected one
	in        queue[datagram]
	inBytes   int
	readLimit int
	fault     error
	closed    bool
	silent    bool
	readLine  deadline
	readable  sync.Cond
}

// ListenPacket listens over udp, udp4 or udp6 on "address:port", as Listen
// does. The net.PacketConn is a *PacketConn.
func (h *Host) ListenPacket(ctx context.Context, network, address string) (net.PacketConn, error) {
	at, err := h.bind(ctx, network, "udp", address)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Err: err}
	}
	h.n.lock()
	defer h.n.unlock()
	at, err = h.claim(at, h.packetTaken)
	if err != nil {
		return nil, &net.OpError{Op: "listen", Net: network, Addr: udpAddr(at.addr), Err: err}
	}
	return h.addPacket(network, at, netip.AddrPort{}), nil
}

func (h *Host) packetTaken(b binding) bool {
	return slices.ContainsFunc(h.packets, func(p *PacketConn) bool { return p.at.overlaps(b) })
}

func (h *Host) addPacket(network string, at binding, remote netip.AddrPort) *PacketConn {
	p := &PacketConn{host: h, network: network, at: at, remote: remote, readLimit: packetBuffer}
	p.readable.L = (*gate)(h.n)
	h.packets = append(h.packets, p)
	return p
}

func (h *Host) dialPacket(network string, to netip.AddrPort) (net.Conn, error) {
	h.n.lock()
	defer h.n.unlock()
	src, err := h.source(to.Addr())
	if err != nil {
		return nil, dialError(network, udpAddr(to), os.NewSyscallError("connect", err))
	}
	at, err := h.claim(binding{addr: netip.AddrPortFrom(src, 0)}, h.packetTaken)
	if err != nil {
		return nil, dialError(network, udpAddr(to), err)
	}
	return h.addPacket(network, at, to), nil
}

// packet is the socket that a datagram to an address reaches, or nil.
func (h *Host) packet(to netip.AddrPort) *PacketConn {
	for _, p := range h.packets {
		if p.at.covers(to) {
			return p
		}
	}
	return nil
}

// ReadFrom reads one datagram. What of it doesn't fit into b is lost.
func (p *PacketConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := p.read(b)
	if err != nil {
		return 0, nil, err
	}
	return n, udpAddr(from), nil
}

// Read is ReadFrom without the sender's address.
func (p *PacketConn) Read(b []byte) (int, error) {
	n, _, err := p.read(b)
	return n, err
}

func (p *PacketConn) read(b []byte) (int, netip.AddrPort, error) {
	p.host.n.lock()
	defer p.host.n.unlock()
	for {
		p.host.awake()
		if err := p.readError(); err != nil {
			return 0, netip.AddrPort{}, p.opError("read", nil, err)
		}
		if p.in.len() > 0 {
			d := p.in.pop()
			p.inBytes -= len(d.payload)
			return copy(b, d.payload), d.from, nil
		}
		p.readable.Wait()
	}
}

func (p *PacketConn) readError() error {
	switch {
	case p.closed:
		return net.ErrClosed
	case p.readLine.expired():
		return os.ErrDeadlineExceeded
	}
	return p.takeFault()
}

func (p *PacketConn) takeFault() error {
	err := p.fault
	p.fault = nil
	return err
}

// Close closes the socket; datagrams on their way are not lost by it.
func (p *PacketConn) Close() error {
	p.host.n.lock()
	defer p.host.n.unlock()
	if p.closed {
		return p.opError("close", nil, net.ErrClosed)
	}
	p.shutDown()
	return nil
}

func (p *PacketConn) shutDown() {
	p.closed = true
	p.readLine.stop()
	p.host.packets = slices.DeleteFunc(p.host.packets, func(o *PacketConn) bool { return o == p })
	p.readable.Broadcast()
}

// LocalAddr is the socket's address, a *net.UDPAddr.
func (p *PacketConn) LocalAddr() net.Addr { return udpAddr(p.at.addr) }

// RemoteAddr is the peer's address, nil if the socket is not connected.
func (p *PacketConn) RemoteAddr() net.Addr {
	if !p.remote.IsValid() {
		return nil
	}
	return udpAddr(p.remote)
}

func (p *PacketConn) option(set func()) error {
	p.host.n.lock()
	defer p.host.n.unlock()
	if p.closed {
		return p.opError("set", nil, net.ErrClosed)
	}
	set()
	return nil
}

// SetDeadline sets the read deadline: a write never waits.
func (p *PacketConn) SetDeadline(t time.Time) error { return p.SetReadDeadline(t) }

// SetReadDeadline ends a read at a time; the zero time means never.
func (p *PacketConn) SetReadDeadline(t time.Time) error {
	return p.option(func() { p.readLine.set(t, &p.readable) })
}

// SetWriteDeadline does nothing: a write never waits.
func (p *PacketConn) SetWriteDeadline(time.Time) error { return p.option(func() {}) }

// SetReadBuffer sets how many bytes of payload wait to be read; what comes
// while they do is lost.
func (p *PacketConn) SetReadBuffer(bytes int) error {
	return p.option(func() { p.readLimit = bytes })
}

// opError is an error about the peer, or about the address to if that is given.
func (p *PacketConn) opError(op string, to net.Addr, err error) error {
	if to == nil {
		to = p.RemoteAddr()
	}
	return &net.OpError{Op: op, Net: p.network, Source: p.LocalAddr(), Addr: to, Err: named(op, err)}
}
