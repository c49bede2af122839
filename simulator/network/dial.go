package network

import (
	"context"
	"net"
	"net/netip"
	"os"
	"strings"
	"syscall"
	"time"
)

// A SYN is sent again after 1, 2, 4 ... s, six times, as Linux does: an
// address that doesn't answer costs 127 s.
const (
	synTries   = 7
	synTimeout = time.Second
)

// Dial connects over tcp or udp (or tcp4, tcp6, udp4, udp6) to a name or an IP
// address and a numeric port. It tries the name's addresses in turn and
// returns the first one's error, a *net.OpError such as net.Dialer's. When ctx
// ends, so does the dial. A TCP connection is a *Conn, a UDP one a *PacketConn.
func (h *Host) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	family := "tcp"
	if strings.HasPrefix(network, "udp") {
		family = "udp"
	}
	host, port, err := parse(network, family, address)
	if err != nil {
		return nil, dialError(network, nil, err)
	}
	if host == "" {
		host = "localhost"
	}
	ips, err := h.addresses(ctx, network, host)
	if err != nil {
		return nil, dialError(network, nil, err)
	}
	if family == "udp" {
		return h.dialPacket(network, netip.AddrPortFrom(ips[0], port))
	}
	return h.dialStream(ctx, network, ips, port)
}

func dialError(network string, to net.Addr, err error) error {
	return &net.OpError{Op: "dial", Net: network, Addr: to, Err: err}
}

func (h *Host) dialStream(ctx context.Context, network string, ips []netip.Addr, port uint16) (net.Conn, error) {
	var first error
	for _, ip := range ips {
		to := netip.AddrPortFrom(ip, port)
		c, err := h.connect(ctx, to)
		if err == nil {
			return c, nil
		}
		if first == nil {
			first = dialError(network, tcpAddr(to), err)
		}
		if ctx.Err() != nil {
			break
		}
	}
	return nil, first
}

// attempt is one dial of one address.
type attempt struct {
	host     *Host
	from, to netip.AddrPort
	dead     <-chan struct{} // the host's
}

func (h *Host) connect(ctx context.Context, to netip.AddrPort) (*Conn, error) {
	defer h.awaitResume()
	if ctx.Err() != nil {
		return nil, endOf(ctx)
	}
	a, err := h.attempt(to)
	if err != nil {
		return nil, os.NewSyscallError("connect", err)
	}
	for try := range synTries {
		c, err := a.try(ctx, synTimeout<<try)
		if c != nil || err != nil {
			return c, err
		}
	}
	return nil, os.NewSyscallError("connect", syscall.ETIMEDOUT)
}

func (h *Host) attempt(to netip.AddrPort) (*attempt, error) {
	h.n.lock()
	defer h.n.unlock()
	src, err := h.source(to.Addr())
	if err != nil {
		return nil, err
	}
	port := h.port(func(p uint16) bool {
		local := netip.AddrPortFrom(src, p)
		return h.conns[flow{local, to}] == nil && h.listener(local) == nil
	})
	return &attempt{h, netip.AddrPortFrom(src, port), to, h.dead}, nil
}

// try sends one SYN. Without an answer within timeout it returns nil, nil.
func (a *attempt) try(ctx context.Context, timeout time.Duration) (*Conn, error) {
	there, back := a.latencies()
	if err := a.wait(ctx, there); err != nil {
		return nil, err
	}
	c, refused := a.syn()
	if c == nil && !refused {
		return nil, a.wait(ctx, timeout-there)
	}
	if err := a.wait(ctx, back); err != nil {
		if c != nil {
			c.reset()
		}
		return nil, err
	}
	if refused {
		return nil, os.NewSyscallError("connect", syscall.ECONNREFUSED)
	}
	return c, nil
}

func (a *attempt) latencies() (there, back time.Duration) {
	n := a.host.n
	n.lock()
	defer n.unlock()
	there = n.latency(a.host, a.from.Addr(), a.to.Addr())
	if a.host.isLocal(a.to.Addr()) {
		return there, there
	}
	return there, max(n.path(a.to.Addr(), a.from.Addr()).Latency, MinLatency)
}

func (a *attempt) wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return endOf(ctx)
	case <-a.dead:
		return net.ErrClosed
	}
}

// syn is a SYN arriving, or not: a connection, a refusal, or silence.
func (a *attempt) syn() (c *Conn, refused bool) {
	n := a.host.n
	n.lock()
	defer n.unlock()
	fate, server := n.deliver(a.host, a.from.Addr(), a.to.Addr(), nil)
	if fate != arrives {
		n.tell(Unanswered, a.host, a.from, a.to, "the SYN was dropped on its way")
		return nil, false
	}
	if back, _ := n.deliver(server, a.to.Addr(), a.from.Addr(), a.host); back != arrives {
		n.tell(Unanswered, a.host, a.from, a.to, "the answer was dropped on its way")
		return nil, false
	}
	l := server.listener(a.to)
	switch {
	case l == nil && server.stealth:
		n.tell(Unanswered, a.host, a.from, a.to, "dropped at "+server.name)
	case l == nil:
		n.tell(Refused, a.host, a.from, a.to, "by "+server.name)
	case l != nil && l.silent:
		n.tell(Unanswered, a.host, a.from, a.to, "the listener is silent at "+server.name)
		return nil, false
	case l.full():
		n.tell(Unanswered, a.host, a.from, a.to, "the backlog is full at "+server.name)
	default:
		c = n.open(a, server)
		l.add(c.peer)
		n.tell(Connected, a.host, a.from, a.to, "")
	}
	return c, l == nil && !server.stealth
}
