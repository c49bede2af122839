package network

import (
	"context"
	"net"
	"net/netip"
	"slices"
	"time"
)

// NameFault is what is wrong with the look-up of a name.
type NameFault int

// The faults of a name. A host whose cache still holds the name doesn't see
// them.
const (
	NameHeals     NameFault = iota // no fault
	NoSuchHost                     // "no such host", whatever SetName said
	ServerFailure                  // a temporary failure of the server
	NoAnswer                       // silence until the context ends
)

// name is what the authoritative server holds.
type name struct {
	addrs []netip.Addr
	fault NameFault
}

// cached is what a host's resolver remembers.
type cached struct {
	addrs []netip.Addr
	until time.Time
}

// SetName sets what a name resolves to; without addresses there is no such
// host. It panics if one is not an IP address.
func (n *Network) SetName(host string, addrs ...string) {
	var ips []netip.Addr
	for _, a := range addrs {
		ips = append(ips, netip.MustParseAddr(a).Unmap())
	}
	n.lock()
	defer n.unlock()
	n.names[host] = name{ips, n.names[host].fault}
}

// SetNameFault breaks the look-up of a name on every host, or heals it.
func (n *Network) SetNameFault(host string, f NameFault) {
	n.lock()
	defer n.unlock()
	n.names[host] = name{n.names[host].addrs, f}
}

// SetResolverTTL makes the host's resolver answer from its cache for so long
// after a look-up. It is 0 at first: nothing is kept, nothing is stale.
func (h *Host) SetResolverTTL(d time.Duration) {
	h.n.lock()
	defer h.n.unlock()
	h.resolverTTL = d
}

// Lookup resolves a name, or an IP address as text, to the addresses in the
// order in which SetName had them. Its error is a *net.DNSError.
func (h *Host) Lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if ip, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{ip.Unmap()}, nil
	}
	defer h.awaitResume()
	h.n.lock()
	addrs, fault, dead := h.resolve(host)
	h.n.unlock()
	if len(addrs) > 0 {
		return addrs, nil
	}
	failure := &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
	switch fault {
	case ServerFailure:
		failure = &net.DNSError{Err: "server misbehaving", Name: host, IsTemporary: true}
	case NoAnswer:
		err := silence(ctx, dead)
		failure = &net.DNSError{Err: err.Error(), Name: host, UnwrapErr: err, IsTimeout: isTimeout(err)}
	}
	h.n.lock()
	defer h.n.unlock()
	h.n.tell(NameFailed, h, netip.AddrPort{}, netip.AddrPort{}, host+": "+failure.Err)
	return nil, failure
}

// resolve asks the cache, then the server, and keeps what the server said.
func (h *Host) resolve(host string) ([]netip.Addr, NameFault, <-chan struct{}) {
	if e, ok := h.cache[host]; ok && time.Now().Before(e.until) {
		return slices.Clone(e.addrs), NameHeals, nil
	}
	answer := h.n.names[host]
	if answer.fault != NameHeals || len(answer.addrs) == 0 {
		return nil, answer.fault, h.dead
	}
	h.cache[host] = cached{answer.addrs, time.Now().Add(h.resolverTTL)}
	return slices.Clone(answer.addrs), NameHeals, nil
}

// silence waits for an answer that never comes.
func silence(ctx context.Context, dead <-chan struct{}) error {
	select {
	case <-ctx.Done():
		return endOf(ctx)
	case <-dead:
		return net.ErrClosed
	}
}
