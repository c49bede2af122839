package stepped

import (
	"context"
	"net"
	"net/netip"
	"time"
)

// How long a name server takes to answer the first question for a name, and the
// later ones, which it remembers. It is what keeps an agent from doing things at
// the very instants at which a script does, or at which its own periods began.
const (
	firstLookup = time.Millisecond
	laterLookup = 400 * time.Microsecond
)

// Lookup asks for the addresses of a name: the name server of the welcome, or
// else the coordinator. It is what the agent uses in place of the system's
// resolver.
func (m *Membership) Lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	ask := m.askCoordinator
	if m.Welcome.Names.IsValid() {
		ask = m.askServer
	}
	addresses, failure := ask(ctx, host)
	answered := make(chan struct{})
	stop := m.AfterFunc(m.lookupTakes(host), func() { close(answered) })
	defer stop()
	select {
	case <-answered:
		return addresses, failure
	case <-ctx.Done():
		return nil, silent(ctx, host)
	}
}

func (m *Membership) lookupTakes(host string) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known[host] {
		return laterLookup
	}
	m.known[host] = true
	return firstLookup
}

// askServer asks over UDP. The dot keeps the machine's own search list out of
// it.
func (m *Membership) askServer(ctx context.Context, host string) ([]netip.Addr, error) {
	dial := m.Dial(m.Welcome.Bind)
	resolver := &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return dial(ctx, "udp", m.Welcome.Names.String())
	}}
	addresses, err := resolver.LookupNetIP(ctx, "ip4", host+".")
	if ctx.Err() != nil {
		return nil, silent(ctx, host)
	}
	return addresses, err
}

// askCoordinator sends a question and waits for the answer.
func (m *Membership) askCoordinator(ctx context.Context, host string) ([]netip.Addr, error) {
	answer := make(chan Answer, 1)
	m.mu.Lock()
	m.asked++
	id := m.asked
	m.awaiting[id] = answer
	m.mu.Unlock()
	if err := m.line.Say(ToCoordinator{Lookup: &Question{id, host}}); err != nil {
		return nil, err
	}
	select {
	case a := <-answer:
		if a.Failure != "" {
			return nil, &net.DNSError{Err: a.Failure, Name: host, IsNotFound: a.NotFound, IsTemporary: !a.NotFound}
		}
		return a.Addresses, nil
	case <-ctx.Done():
		m.mu.Lock()
		delete(m.awaiting, id)
		m.mu.Unlock()
		return nil, silent(ctx, host)
	}
}

// silent is the error of a look-up that was given up.
func silent(ctx context.Context, host string) error {
	err := context.Cause(ctx)
	return &net.DNSError{Err: err.Error(), Name: host, UnwrapErr: err, IsTimeout: true}
}
