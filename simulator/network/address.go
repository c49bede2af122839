package network

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// parse splits a dial or listen address into its host and port, and checks
// that the network is one of family's: "tcp" means "tcp", "tcp4" and "tcp6".
func parse(network, family, address string) (host string, port uint16, err error) {
	switch strings.TrimPrefix(network, family) {
	case "", "4", "6":
	default:
		return "", 0, net.UnknownNetworkError(network)
	}
	if !strings.HasPrefix(network, family) {
		return "", 0, net.UnknownNetworkError(network)
	}
	host, text, err := net.SplitHostPort(address)
	if err != nil {
		return "", 0, err
	}
	number, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return "", 0, &net.AddrError{Err: "invalid port", Addr: address}
	}
	return host, uint16(number), nil
}

// addresses resolves a host to those of its addresses that a network such as
// "tcp4" can use.
func (h *Host) addresses(ctx context.Context, network, host string) ([]netip.Addr, error) {
	ips, err := h.Lookup(ctx, host)
	if err != nil {
		return nil, err
	}
	ips = slices.DeleteFunc(ips, func(ip netip.Addr) bool { return !fits(network, ip) })
	if len(ips) == 0 {
		return nil, &net.AddrError{Err: "no suitable address found", Addr: host}
	}
	return ips, nil
}

func fits(network string, ip netip.Addr) bool {
	switch network[len(network)-1] {
	case '4':
		return ip.Is4()
	case '6':
		return ip.Is6()
	}
	return true
}

// binding is where a socket listens.
type binding struct {
	addr netip.AddrPort
	dual bool // [::] that serves IPv4 as well
}

// bind works out a binding from the arguments of Listen or ListenPacket.
func (h *Host) bind(ctx context.Context, network, family, address string) (binding, error) {
	host, port, err := parse(network, family, address)
	if err != nil {
		return binding{}, err
	}
	ip := netip.IPv6Unspecified()
	switch {
	case host == "" && network == family+"4":
		ip = netip.IPv4Unspecified()
	case host != "":
		ips, err := h.addresses(ctx, network, host)
		if err != nil {
			return binding{}, err
		}
		ip = ips[0]
	}
	return binding{netip.AddrPortFrom(ip, port), ip == netip.IPv6Unspecified() && network == family}, nil
}

// covers says whether what is sent to an address reaches the binding.
func (b binding) covers(to netip.AddrPort) bool {
	return b.addr.Port() == to.Port() && b.takes(to.Addr())
}

func (b binding) takes(ip netip.Addr) bool {
	own := b.addr.Addr()
	return own == ip || own.IsUnspecified() && (b.dual || own.Is4() == ip.Is4())
}

func (b binding) overlaps(o binding) bool {
	return b.addr.Port() == o.addr.Port() && (b.takes(o.addr.Addr()) || o.takes(b.addr.Addr()))
}

// claim gives a binding a port if it has none, and checks that it is the
// host's to have.
func (h *Host) claim(b binding, taken func(binding) bool) (binding, error) {
	if b.addr.Port() == 0 {
		b.addr = netip.AddrPortFrom(b.addr.Addr(), h.port(func(p uint16) bool {
			return !taken(binding{netip.AddrPortFrom(b.addr.Addr(), p), b.dual})
		}))
	}
	ip := b.addr.Addr()
	if !ip.IsUnspecified() && !h.isLocal(ip) {
		return b, errNotAvailable
	}
	if taken(b) {
		return b, errInUse
	}
	return b, nil
}
