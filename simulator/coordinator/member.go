package coordinator

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"time"

	"siemdrill/agent/stepped"
)

// Member is a party in another process.
type Member struct {
	name        string
	coordinator *Coordinator
	line        *stepped.Line

	// The coordinator's lock guards these.
	seq   uint64 // of what was last said to it
	seen  uint64 // of what its last report has seen
	state stepped.State
	ends  map[string]stepped.End // of the reports so far, the closed ones too
	owes  bool                   // it was signalled and has not reported since

	restlessBy string // what it last said of it
	paused     bool
	lost       bool                // its line is broken
	gone       bool                // its process has ended
	away       map[netip.Addr]bool // addresses that its machine has lost
	worn       map[string]worn     // its ends that were cut off once
}

// helloLimit is how long, in real time, a process may take to say hello.
const helloLimit = 10 * time.Second

// Admit makes a member of the process at the other end of conn.
func (c *Coordinator) Admit(name string, conn net.Conn, welcome stepped.Welcome) (*Member, error) {
	m := &Member{name: name, coordinator: c, line: stepped.NewLine(conn), ends: map[string]stepped.End{}, owes: true}
	conn.SetDeadline(time.Now().Add(helloLimit))
	var first stepped.ToCoordinator
	if err := m.line.Hear(&first); err != nil {
		return nil, fmt.Errorf("%s said no hello: %w", name, err)
	}
	if first.Hello == nil || first.Hello.Version != stepped.Version {
		return nil, fmt.Errorf("%s: expected a hello of version %d", name, stepped.Version)
	}
	conn.SetDeadline(time.Time{})
	welcome.Now = c.Now()
	if err := m.line.Say(stepped.ToParty{Welcome: &welcome}); err != nil {
		return nil, err
	}
	c.enter(m)
	c.hearing.Go(m.hear)
	return m, nil
}

// enter adds a member, in the place of the one of its name that has ended: who
// is first at one instant remains so.
func (c *Coordinator) enter(m *Member) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wave.news++
	i := slices.IndexFunc(c.members, func(other *Member) bool { return other.gone && other.name == m.name })
	if i < 0 {
		c.members = append(c.members, m)
		return
	}
	m.ends = c.members[i].ends // the others have to learn of their end still
	c.members = slices.Clone(c.members)
	c.members[i] = m
}

// hear takes what the member says until its line breaks.
func (m *Member) hear() {
	for {
		var said stepped.ToCoordinator
		err := m.line.Hear(&said)
		switch {
		case err != nil:
			m.change(func() { m.lost = true })
			return
		case said.Report != nil:
			m.take(*said.Report)
		case said.Seen != 0:
			m.change(func() { m.seen = max(m.seen, said.Seen) })
		case said.Restless != "":
			m.change(func() { m.restlessBy = said.Restless })
		case said.Lookup != nil:
			m.answer(*said.Lookup)
		}
	}
}

func (m *Member) take(r stepped.Report) {
	m.change(func() {
		if m.owes || m.isNews(r.State) {
			m.coordinator.wave.news++
		}
		m.seen, m.state, m.owes = max(m.seen, r.Seq), r.State, false
		for key, e := range r.State.Ends {
			m.ends[key] = e
		}
	})
}

// isNews says whether a report has something that others may have noticed and of
// which there is no account: a connection that has come and gone. The lock is
// held.
func (m *Member) isNews(s stepped.State) bool {
	for key, e := range s.Ends {
		if _, known := m.ends[key]; e.Closed && !known {
			return true
		}
	}
	return false
}

// answer answers a question for a name, unless nobody does.
func (m *Member) answer(q stepped.Question) {
	a, ok := m.coordinator.Resolve(q.Host)
	if !ok {
		return
	}
	a.ID = q.ID
	m.say(func(seq uint64) stepped.ToParty {
		a.Seq = seq
		return stepped.ToParty{Answer: &a}
	})
}

// grant moves the member's time, and has it do what do says.
func (m *Member) grant(now time.Time, do stepped.Deed) {
	m.say(func(seq uint64) stepped.ToParty {
		return stepped.ToParty{Grant: &stepped.Grant{Seq: seq, Now: now, Do: do}}
	})
}

// say sends what is numbered. A line that is broken is found by hear.
func (m *Member) say(message func(seq uint64) stepped.ToParty) {
	m.coordinator.mu.Lock()
	defer m.coordinator.mu.Unlock()
	if m.lost || m.gone {
		return
	}
	m.seq++
	_ = m.line.Say(message(m.seq))
}

// Signalled says that the process was sent something by another way: it is not
// at rest until it has reported once more, or has ended.
func (m *Member) Signalled() { m.change(func() { m.owes = true }) }

// Paused says that the process was stopped (SIGSTOP), or goes on (SIGCONT): then
// it is told the time, at which its timers that are overdue fire.
func (m *Member) Paused(on bool) {
	m.change(func() { m.paused = on })
	if !on {
		m.grant(m.coordinator.Now(), stepped.Look)
	}
}

// Gone says that the process has ended, and its connections with it.
func (m *Member) Gone() {
	m.line.Close()
	m.change(func() {
		m.gone = true
		m.coordinator.wave.news++
		m.coordinator.sent.end(m.state)
		m.state = stepped.State{}
		for key, e := range m.ends {
			m.ends[key] = stepped.End{Sent: e.Sent, Received: e.Received, Over: true, Closed: true}
		}
	})
}

// Away says that the member's machine has lost an address, or has it again:
// nothing reaches it there, and nothing is waited for.
func (m *Member) Away(address netip.Addr, on bool) {
	m.change(func() {
		if m.away == nil {
			m.away, m.worn = map[netip.Addr]bool{}, map[string]worn{}
		}
		if m.away[address] = on; !on {
			delete(m.away, address)
		}
		for key, e := range m.ends {
			if (side{key, e, m}).address() == address {
				m.worn[key] = worn{time.Now()}
			}
		}
	})
}

// worn is an end that was cut off for a while. What was lost meanwhile is sent
// again by the kernel, on its own clock: after as long as the cut has lasted in
// real time, or never if the other end has given up.
type worn struct{ mended time.Time }

// wornGrace is how long that is waited for after the cut.
const wornGrace = 2 * time.Second

// left is how long it has to be waited for still.
func (w worn) left() time.Duration {
	if w.mended.IsZero() {
		return forever
	}
	return max(0, wornGrace-time.Since(w.mended))
}

func (m *Member) change(f func()) {
	c := m.coordinator
	c.mu.Lock()
	f()
	waits := slices.ContainsFunc(c.members, (*Member).busy)
	c.mu.Unlock()
	if !waits {
		c.wake()
	}
}

// busy says whether something is still to come from the member. The lock is held.
func (m *Member) busy() bool {
	return !m.gone && !m.paused && !m.lost && (m.owes || m.seen != m.seq)
}

// restless says what keeps the member from being at rest, or "". The lock is
// held.
func (m *Member) restless() string {
	switch {
	case m.gone || m.paused:
		return ""
	case m.lost:
		return m.name + " has hung up and has not ended"
	case m.owes:
		return m.name + " has not reported since it was started or signalled"
	case m.seen != m.seq:
		return fmt.Sprintf("%s has not come to rest since it was told the time: it has seen message %d of %d", m.name, m.seen, m.seq)
	}
	return ""
}

var errNoTime = errors.New("time can't be turned back")
