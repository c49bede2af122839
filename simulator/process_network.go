package simulator

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"siemdrill/agent/stepped"
	"siemdrill/simulator/coordinator"
	"siemdrill/simulator/network"
)

// loopback is the network of the process runner: each host has an address of
// 127.0.0.0/8, and names are told to agents by the coordinator.
type loopback struct {
	party *coordinator.Coordinator

	mu    sync.Mutex
	hosts map[string]*loopbackHost
	ports map[int]int // what a script calls it, and where it is

	renamed func(map[string]netip.Addr) error // is told what the names mean, when that changes; may be nil
}

// loopbackHost is one of them.
type loopbackHost struct {
	net       *loopback
	address   netip.Addr
	named     netip.Addr // that its name resolves to
	fault     network.NameFault
	listeners []*stepped.Listener
	deaf      bool // nothing reaches it
}

// loopbackAddresses are those of the hosts at first.
var loopbackAddresses = map[string]string{
	"agent":  "127.0.10.1",
	"cas":    "127.0.20.1",
	"syslog": "127.0.30.1",
	"proxy":  "127.0.40.1",
}

func newLoopback(c *coordinator.Coordinator) *loopback {
	l := &loopback{party: c, hosts: map[string]*loopbackHost{}, ports: map[int]int{}}
	for _, host := range hostNames {
		at := netip.MustParseAddr(loopbackAddresses[host])
		l.hosts[host] = &loopbackHost{net: l, address: at, named: at}
	}
	return l
}

// port is a port that is free on every host, always the same one for n.
func (l *loopback) port(n int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.ports[n] == 0 {
		if candidate := firstFreePort + rand.IntN(freePorts); l.free(candidate) { // any will do: no verdict depends on it
			l.ports[n] = candidate
		}
	}
	return l.ports[n]
}

// The ports are below those that Linux gives to clients.
const firstFreePort, freePorts = 20000, 12000

func (l *loopback) free(port int) bool {
	for _, taken := range l.ports {
		if taken == port {
			return false
		}
	}
	for _, h := range l.hosts {
		at := netip.AddrPortFrom(h.address, uint16(port)).String()
		stream, err := net.Listen("tcp", at)
		if err != nil {
			return false
		}
		stream.Close()
		packets, err := net.ListenPacket("udp", at)
		if err != nil {
			return false
		}
		packets.Close()
	}
	return true
}

// resolve answers for a name; ok is false if nobody answers.
func (l *loopback) resolve(host string) (answer stepped.Answer, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for word, h := range l.hosts {
		if names[word] != host {
			continue
		}
		switch h.fault {
		case network.NoAnswer:
			return stepped.Answer{}, false
		case network.ServerFailure:
			return stepped.Answer{Failure: "server misbehaving"}, true
		case network.NameHeals:
			return stepped.Answer{Addresses: []netip.Addr{h.named}}, true
		}
	}
	return stepped.Answer{Failure: "no such host", NotFound: true}, true
}

// at is the address where the host has what it calls address: ":514" is a port
// as scripts name it, and anything else one that it was given before.
func (h *loopbackHost) at(address string) (string, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return "", err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return "", fmt.Errorf("%s: %w", address, err)
	}
	if host == "" {
		n = h.net.port(n)
	}
	h.net.mu.Lock()
	defer h.net.mu.Unlock()
	return netip.AddrPortFrom(h.address, uint16(n)).String(), nil
}

func (h *loopbackHost) listen(ctx context.Context, _, address string) (net.Listener, error) {
	at, err := h.at(address)
	if err != nil {
		return nil, err
	}
	l, err := h.net.party.Listen(ctx, at)
	if err != nil {
		return nil, err
	}
	h.net.mu.Lock()
	defer h.net.mu.Unlock()
	h.listeners = append(h.listeners, l)
	if h.deaf {
		return l, l.Silence(true)
	}
	return l, nil
}

func (h *loopbackHost) listenPacket(_ context.Context, _, address string) (net.PacketConn, error) {
	at, err := h.at(address)
	if err != nil {
		return nil, err
	}
	return h.net.party.ListenPacket(at)
}

// dial connects from the host to a name or an address.
func (h *loopbackHost) dial(ctx context.Context, kind, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	if _, err := netip.ParseAddr(host); err != nil {
		answer, ok := h.net.resolve(host)
		switch {
		case !ok:
			<-ctx.Done()
			return nil, &net.DNSError{Err: context.Cause(ctx).Error(), Name: host, IsTimeout: true}
		case answer.Failure != "":
			return nil, &net.DNSError{Err: answer.Failure, Name: host, IsNotFound: answer.NotFound}
		}
		host = answer.Addresses[0].String()
	}
	h.net.mu.Lock()
	local := h.address
	h.net.mu.Unlock()
	return h.net.party.Dial(local)(ctx, kind, net.JoinHostPort(host, port))
}

// deafen lets nothing reach the host's streams, or everything again.
func (h *loopbackHost) deafen(on bool) error {
	h.net.mu.Lock()
	defer h.net.mu.Unlock()
	h.deaf = on
	var err error
	for _, l := range h.listeners {
		if l.Open() {
			err = errors.Join(err, l.Deafen(on))
		}
	}
	return err
}

// move gives the host the next address. Whoever has the old one then refuses, or
// nobody has it and what is sent there is lost.
func (h *loopbackHost) move(swallow bool) error {
	h.net.mu.Lock()
	defer h.net.mu.Unlock()
	h.address = h.address.Next()
	var err error
	for _, l := range h.listeners {
		if !l.Open() {
			continue
		}
		port := l.Addr().(*net.TCPAddr).AddrPort().Port()
		err = errors.Join(err, l.Move(context.Background(), netip.AddrPortFrom(h.address, port).String(), swallow))
	}
	return err
}

// named is what the names mean now.
func (l *loopback) named() map[string]netip.Addr {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := map[string]netip.Addr{}
	for word, h := range l.hosts {
		all[names[word]] = h.named
	}
	return all
}

// rename lets the host's name follow it.
func (l *loopback) rename(h *loopbackHost, stale time.Duration) {
	now := h.address
	follow := func() {
		l.mu.Lock()
		h.named = now
		l.mu.Unlock()
		if l.renamed != nil {
			_ = l.renamed(l.named()) // a file that was written before
		}
	}
	if stale == 0 {
		follow()
		return
	}
	l.party.AfterFunc(stale, follow)
}

func (l *loopback) breakName(host string, fault network.NameFault) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hosts[host].fault = fault
}

// really is an address ADDRESS:PORT, as a script has it, with the port that is
// meant.
func (l *loopback) really(address string) string {
	at := strings.LastIndexByte(address, ':')
	if n, err := strconv.Atoi(address[at+1:]); at >= 0 && err == nil {
		return fmt.Sprintf("%s:%d", address[:at], l.port(n))
	}
	return address
}
