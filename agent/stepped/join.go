package stepped

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// Membership is a Party whose coordinator is in another process.
type Membership struct {
	*Party
	Welcome Welcome

	line    *Line
	changed chan struct{}

	mu       sync.Mutex
	seq      uint64 // of the last Grant or Answer
	asked    uint64
	awaiting map[uint64]chan Answer
	known    map[string]bool // names that were asked for
}

// helloLimit is how long, in real time, a coordinator may take to answer.
const helloLimit = 10 * time.Second

// Join asks the coordinator at address to step this process's time: unix:PATH,
// or the host and port of a loopback address. Anything else is an error, since
// whoever listens there holds the process's clock. When the coordinator goes,
// lost is called once.
func Join(address string, lost func(error)) (*Membership, error) {
	network, target, err := coordinatorAt(address)
	if err != nil {
		return nil, err
	}
	conn, err := net.DialTimeout(network, target, helloLimit)
	if err != nil {
		return nil, err
	}
	m := &Membership{Party: &Party{}, line: NewLine(conn), changed: make(chan struct{}, 1),
		awaiting: map[uint64]chan Answer{}, known: map[string]bool{}}
	m.Changed = func() {
		select {
		case m.changed <- struct{}{}:
		default:
		}
	}
	if err := m.greet(conn); err != nil {
		conn.Close()
		return nil, fmt.Errorf("%s: no coordinator of stepped time: %w", address, err)
	}
	if _, err := m.Calibrate(); err != nil { // for as long as the process lives
		conn.Close()
		return nil, err
	}
	go m.report()
	go func() { lost(m.obey()) }()
	return m, nil
}

func (m *Membership) greet(conn net.Conn) error {
	conn.SetDeadline(time.Now().Add(helloLimit))
	if err := m.line.Say(ToCoordinator{Hello: &Hello{Version}}); err != nil {
		return err
	}
	var first ToParty
	if err := m.line.Hear(&first); err != nil {
		return err
	}
	if first.Welcome == nil {
		return errors.New("expected a welcome")
	}
	m.Welcome = *first.Welcome
	m.Begin(m.Welcome.Now, m.Welcome.Ahead)
	return conn.SetDeadline(time.Time{})
}

// obey does what the coordinator says until it is gone.
func (m *Membership) obey() error {
	for {
		var said ToParty
		if err := m.line.Hear(&said); err != nil {
			return err
		}
		switch {
		case said.Grant != nil:
			m.saw(said.Grant.Seq)
			m.Move(said.Grant.Now)
			if said.Grant.Fire {
				m.Fire()
			}
		case said.Answer != nil:
			m.take(*said.Answer)
			m.saw(said.Answer.Seq)
		}
	}
}

func (m *Membership) saw(seq uint64) {
	m.mu.Lock()
	m.seq = seq
	m.mu.Unlock()
	m.change(func() {})
}

func (m *Membership) take(a Answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if answer := m.awaiting[a.ID]; answer != nil {
		delete(m.awaiting, a.ID)
		answer <- a
	}
}

// restLimit is how long, in real time, a party may be restless before it says
// nothing more of it: the coordinator has given up by then.
const restLimit = time.Minute

// report tells the coordinator each time that the party has come to rest.
func (m *Membership) report() {
	told := ^uint64(0)
	for range m.changed {
		m.mu.Lock()
		seq := m.seq
		m.mu.Unlock()
		changes := m.Changes()
		if changes == told || m.Rest(restLimit) != nil {
			continue
		}
		state, same := m.State(changes)
		if !same {
			continue // a change is told already, so this is tried again
		}
		told = changes
		if m.line.Say(ToCoordinator{Report: &Report{seq, state}}) != nil {
			return
		}
	}
}

// How long a name server takes to answer the first question for a name, and the
// later ones, which it remembers. It is what keeps an agent from doing things at
// the very instants at which a script does, or at which its own periods began.
const (
	firstLookup = time.Millisecond
	laterLookup = 400 * time.Microsecond
)

// Lookup asks the coordinator for the addresses of a name. It is what the agent
// uses in place of the system's resolver.
func (m *Membership) Lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	a, err := m.question(ctx, host)
	if err != nil {
		return nil, err
	}
	answered := make(chan struct{})
	stop := m.AfterFunc(m.lookupTakes(host), func() { close(answered) })
	defer stop()
	select {
	case <-answered:
	case <-ctx.Done():
		return nil, silent(ctx, host)
	}
	if a.Failure != "" {
		return nil, &net.DNSError{Err: a.Failure, Name: host, IsNotFound: a.NotFound, IsTemporary: !a.NotFound}
	}
	return a.Addresses, nil
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

// question sends a question and waits for the answer.
func (m *Membership) question(ctx context.Context, host string) (Answer, error) {
	answer := make(chan Answer, 1)
	m.mu.Lock()
	m.asked++
	id := m.asked
	m.awaiting[id] = answer
	m.mu.Unlock()
	if err := m.line.Say(ToCoordinator{Lookup: &Question{id, host}}); err != nil {
		return Answer{}, err
	}
	select {
	case a := <-answer:
		return a, nil
	case <-ctx.Done():
		m.mu.Lock()
		delete(m.awaiting, id)
		m.mu.Unlock()
		return Answer{}, silent(ctx, host)
	}
}

// silent is the error of a look-up that was given up.
func silent(ctx context.Context, host string) error {
	err := context.Cause(ctx)
	return &net.DNSError{Err: err.Error(), Name: host, UnwrapErr: err, IsTimeout: true}
}

// coordinatorAt splits the address of a coordinator.
func coordinatorAt(address string) (network, target string, err error) {
	if path, ok := strings.CutPrefix(address, "unix:"); ok && path != "" {
		return "unix", path, nil
	}
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsLoopback() {
		return "", "", fmt.Errorf("%q: expected unix:PATH or the address and port of a loopback interface, such as 127.0.0.1:7000", address)
	}
	return "tcp", address, nil
}
