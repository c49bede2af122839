package network

import (
	"cmp"
	"maps"
	"net/netip"
	"slices"
	"sync"
	"syscall"
	"time"
)

// The range from which Linux takes ports for clients and for ":0", by default.
const firstPort, lastPort = 32768, 60999

// Host is a machine: its addresses, its sockets and its resolver's cache.
// Loopback addresses (127.0.0.0/8 and ::1) are each host's own.
type Host struct {
	n     *Network
	name  string
	order int // of AddHost
	addrs []netip.Addr

	down    bool
	stealth bool

	listeners []*Listener
	packets   []*PacketConn
	conns     map[flow]*Conn
	lastPort  uint16
	dead      chan struct{} // closed when the process dies: ends dials and look-ups

	paused bool
	woken  sync.Cond

	resolverTTL time.Duration
	cache       map[string]cached
}

// AddHost adds a host with these IP addresses; its name resolves to them. It
// panics if one is not an IP address.
func (n *Network) AddHost(name string, addrs ...string) *Host {
	h := &Host{n: n, name: name, conns: map[flow]*Conn{}, lastPort: firstPort,
		dead: make(chan struct{}), cache: map[string]cached{}}
	h.woken.L = (*gate)(n)
	n.change(func() {
		h.order = len(n.hosts)
		n.hosts = append(n.hosts, h)
		for _, a := range addrs {
			h.gain(netip.MustParseAddr(a).Unmap())
		}
	})
	n.SetName(name, addrs...)
	return h
}

// Name is what AddHost was given.
func (h *Host) Name() string { return h.name }

// SetDown pulls the host's cable, or puts it back: its sockets live on.
func (h *Host) SetDown(down bool) { h.n.change(func() { h.down = down }) }

// SetStealth makes the host drop, instead of refuse, what it has no socket
// for, as a firewall does.
func (h *Host) SetStealth(stealth bool) { h.n.change(func() { h.stealth = stealth }) }

// KillProcess closes all sockets as the kernel does for a process that died:
// with a FIN, or with a RST where received bytes were not read. Dials and
// look-ups under way end with net.ErrClosed.
func (h *Host) KillProcess() {
	h.n.change(func() {
		h.die()
		for _, c := range h.connections() {
			c.shutDown()
		}
	}, h)
}

// Crash is a power cut: all sockets are gone without a packet, and the host is
// down. After SetDown(false) it answers what still arrives for them with RST.
func (h *Host) Crash() {
	h.n.change(func() {
		h.down = true
		conns := h.connections()
		for _, c := range conns {
			c.vanish()
		}
		h.die()
	})
}

// die ends what a process holds apart from its connections.
func (h *Host) die() {
	h.wake()
	close(h.dead)
	h.dead = make(chan struct{})
	for _, l := range slices.Clone(h.listeners) {
		l.shutDown()
	}
	for _, p := range slices.Clone(h.packets) {
		p.shutDown()
	}
}

func (h *Host) gain(ip netip.Addr) {
	if old := h.n.owner[ip]; old != nil {
		old.lose(ip)
	}
	h.n.owner[ip] = h
	h.addrs = append(h.addrs, ip)
}

func (h *Host) lose(ip netip.Addr) {
	delete(h.n.owner, ip)
	h.addrs = slices.DeleteFunc(h.addrs, func(a netip.Addr) bool { return a == ip })
}

// isLocal says whether packets to ip never leave the host.
func (h *Host) isLocal(ip netip.Addr) bool { return ip.IsLoopback() || h.n.owner[ip] == h }

// source is the address from which the host sends to dst.
func (h *Host) source(dst netip.Addr) (netip.Addr, error) {
	if h.isLocal(dst) {
		return dst, nil
	}
	for _, a := range h.addrs {
		if a.Is4() == dst.Is4() {
			return a, nil
		}
	}
	return netip.Addr{}, syscall.ENETUNREACH
}

// port finds a port that free accepts. If none is, it is the last one tried.
func (h *Host) port(free func(uint16) bool) uint16 {
	for range lastPort - firstPort + 1 {
		if h.lastPort++; h.lastPort > lastPort {
			h.lastPort = firstPort
		}
		if free(h.lastPort) {
			break
		}
	}
	return h.lastPort
}

// connections are in the order in which they were opened.
func (h *Host) connections() []*Conn {
	return slices.SortedFunc(maps.Values(h.conns), func(a, b *Conn) int { return cmp.Compare(a.order, b.order) })
}
