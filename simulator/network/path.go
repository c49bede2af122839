package network

import (
	"net/netip"
	"time"
)

const (
	// DefaultLatency is a path's, one way, unless SetPath or SetDefaultPath
	// says otherwise.
	DefaultLatency = 250 * time.Microsecond

	// MinLatency is the least that any path takes, a host's path to itself
	// included. Without it two ends that echo without pause would never all
	// be blocked, and the virtual time of their bubble would stand still.
	MinLatency = 100 * time.Microsecond
)

// Path says how packets travel from one address to another, one way.
type Path struct {
	Latency time.Duration // less than MinLatency means MinLatency
	Drop    bool          // a black hole: TCP stalls, SYNs and datagrams vanish
}

type route struct{ src, dst netip.Addr }

// hostPair is two hosts in the order in which they were added.
type hostPair struct{ a, b *Host }

func pairOf(a, b *Host) hostPair {
	if b.order < a.order {
		a, b = b, a
	}
	return hostPair{a, b}
}

// SetPath sets the path from src to dst, in this direction only. It panics if
// either is not an IP address.
func (n *Network) SetPath(src, dst string, p Path) {
	r := route{netip.MustParseAddr(src), netip.MustParseAddr(dst)}
	n.change(func() { n.paths[r] = p })
}

// SetDefaultPath sets the path between all addresses for which SetPath was
// not called.
func (n *Network) SetDefaultPath(p Path) { n.change(func() { n.defaultPath = p }) }

// Cut drops everything between two hosts, both ways, whatever the addresses.
func (n *Network) Cut(a, b *Host) { n.change(func() { n.cuts[pairOf(a, b)] = true }, a, b) }

// Mend undoes Cut: the paths between the two hosts are as before.
func (n *Network) Mend(a, b *Host) { n.change(func() { delete(n.cuts, pairOf(a, b)) }, a, b) }

// MoveAddr gives an address to another host, or to nobody (nil): what is sent
// there vanishes. Connections of the old owner stall, until what their peers
// send is answered with a RST by the new one.
func (n *Network) MoveAddr(addr string, to *Host) {
	ip := netip.MustParseAddr(addr)
	n.change(func() {
		if old := n.owner[ip]; old != nil {
			old.lose(ip)
		}
		if to != nil {
			to.gain(ip)
		}
	})
}

func (n *Network) path(src, dst netip.Addr) Path {
	if p, ok := n.paths[route{src, dst}]; ok {
		return p
	}
	return n.defaultPath
}

// latency is how long a packet takes from one of a host's addresses to dst.
func (n *Network) latency(from *Host, src, dst netip.Addr) time.Duration {
	if from.isLocal(dst) {
		return MinLatency
	}
	return max(n.path(src, dst).Latency, MinLatency)
}

// fate is what becomes of a packet.
type fate int

const (
	arrives fate = iota
	vanishes
	strange // it arrives at another host than meant, which answers with a RST
)

// deliver says what becomes of a packet that host from sends from src to dst,
// and at which host it arrives. If want is not nil it is the host meant.
func (n *Network) deliver(from *Host, src, dst netip.Addr, want *Host) (fate, *Host) {
	if from.isLocal(dst) {
		return arrives, from
	}
	to := n.owner[dst]
	switch {
	case from.down || n.owner[src] != from:
		return vanishes, nil
	case to == nil || to.down || n.cuts[pairOf(from, to)] || n.path(src, dst).Drop:
		return vanishes, nil
	case want == nil || to == want:
		return arrives, to
	case to.stealth || n.path(dst, src).Drop:
		return vanishes, nil
	}
	return strange, to
}
