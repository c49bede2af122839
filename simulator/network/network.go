package network

import (
	"cmp"
	"net/netip"
	"slices"
	"sync"
	"time"
)

// The sizes that New sets. Linux's buffers tune themselves; these are fixed,
// so that what a reset can lose is bounded and known.
const (
	DefaultBuffer  = 64 << 10 // bytes
	DefaultBacklog = 128      // connections
)

// Network is the whole world of a bubble. Make it with New. Its exported
// fields are set before the first packet is sent and not changed after.
type Network struct {
	// Hook, if not nil, is told every Event, one at a time and in the order of
	// happening. No lock is held, so it may call back into the network; the
	// events this makes follow after. An operation can return before its
	// event was told, if another goroutine is telling.
	Hook func(Event)

	// SendBuffer and ReceiveBuffer are the sizes in bytes of a new
	// connection's buffers; Backlog how many connections a new listener holds
	// for Accept (one more, as Linux does).
	SendBuffer, ReceiveBuffer, Backlog int

	// DatagramFault, if not nil, turns one datagram into the delays, on top of
	// the path's latency, after which it is delivered: none loses it, two
	// duplicate it, unequal ones reorder. It must not call the network.
	DatagramFault func(src, dst netip.AddrPort, payload []byte) []time.Duration

	mu      sync.Mutex // guards everything below and all that hosts and sockets hold; never held over a wait
	pending []Event    // not yet told
	telling bool       // a goroutine is calling Hook

	hosts       []*Host
	owner       map[netip.Addr]*Host
	names       map[string]name
	paths       map[route]Path
	defaultPath Path
	cuts        map[hostPair]bool
	opened      uint64 // connections so far
	air         air
}

// New makes a network without hosts, on which "localhost" resolves.
func New() *Network {
	n := &Network{
		SendBuffer: DefaultBuffer, ReceiveBuffer: DefaultBuffer, Backlog: DefaultBacklog,
		owner: map[netip.Addr]*Host{}, names: map[string]name{},
		paths: map[route]Path{}, defaultPath: Path{Latency: DefaultLatency},
		cuts: map[hostPair]bool{},
	}
	n.SetName("localhost", "127.0.0.1", "::1")
	return n
}

func (n *Network) lock()   { n.mu.Lock() }
func (n *Network) unlock() { (*gate)(n).Unlock() }

// change alters the world and lets every connection notice; if hosts are given,
// the change can concern only their connections, both ends of each.
func (n *Network) change(alter func(), hosts ...*Host) {
	n.lock()
	defer n.unlock()
	concerned := n.connections(hosts) // before it ends some, whose peers have to notice
	alter()
	for _, c := range concerned {
		if c.host.conns[c.at] == c {
			c.reroute()
		}
	}
}

// connections are both ends of the hosts' connections, or all there are if no
// host is given, by host and in the order in which they were opened.
func (n *Network) connections(hosts []*Host) []*Conn {
	var conns []*Conn
	if len(hosts) == 0 {
		hosts = n.hosts
	}
	for _, h := range hosts {
		for _, c := range h.conns {
			conns = append(conns, c, c.peer)
		}
	}
	slices.SortFunc(conns, func(a, b *Conn) int {
		return cmp.Or(cmp.Compare(a.host.order, b.host.order), cmp.Compare(a.order, b.order))
	})
	return slices.Compact(conns)
}
