package coordinator

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"
	"time"

	"siemdrill/agent/stepped"
)

// The rule. This process is at rest already, by its own scheduler's account.
// Everybody is at rest, and time may move, if
//
//  1. each member's last report, which it gives only when it is at rest itself,
//     has seen everything that it was told;
//  2. on no connection is anything on its way to somebody who waits for it;
//  3. where the Lab is apart: as many datagrams were received as sent (datagrams.go),
//     and everybody was asked since the last news (wave.go).
//
// Why it is sound: a process at rest wakes up only by a timer, which the
// coordinator grants, or by what comes over a connection. What comes is counted
// by its sender before the kernel has it, and by its receiver before the
// receiver is at rest again. What begins a connection needs no account, nor do
// datagrams to or from this process: on one machine the kernel has delivered them
// when the call that sends them returns, and each process looks for itself.

// judge takes over what this process knows of itself and says why time may not
// move, and after how long that may have changed without a word; "" means that
// it may.
func (c *Coordinator) judge(state stepped.State) (why string, again time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next = state.Next
	maps.Copy(c.ends, state.Ends)
	var all []string
	for _, m := range c.members {
		if s := m.restless(); s != "" {
			all = append(all, s)
		}
	}
	if len(all) > 0 {
		return strings.Join(all, "; "), forever
	}
	if all, again = c.flights(); len(all) > 0 {
		return strings.Join(all, "; "), again
	}
	return c.unanswered()
}

// forever is how long nothing changes without a word.
const forever = time.Hour

// side is one end of a connection, and whose it is.
type side struct {
	key string // under which its party keeps it
	stepped.End
	of *Member // nil: of this process
}

// far says whether nothing reaches the end, nor leaves it: its machine has lost
// the address.
func (s side) far() bool { return s.of != nil && s.of.away[s.address()] }

// patience is for how long what goes to or comes from the end is waited for.
func (s side) patience() time.Duration {
	if s.of == nil {
		return forever
	}
	return s.of.worn[s.key].left()
}

// address is the end's own.
func (s side) address() netip.Addr {
	mine, acceptor, _ := strings.Cut(s.key, ">")
	if address, accepted := strings.CutSuffix(acceptor, acceptedSuffix); accepted {
		mine = address
	}
	at, _ := netip.ParseAddrPort(mine) // as net writes it
	return at.Addr()
}

func (s side) paused() bool { return s.of != nil && s.of.paused }

// acceptedSuffix is how the key of an acceptor's end differs from the dialler's.
var acceptedSuffix = stepped.Accepted("")

// sides are all the ends that are known. The lock is held.
func (c *Coordinator) sides() map[string]side {
	all := map[string]side{}
	for key, e := range c.ends {
		all[key] = side{key, e, nil}
	}
	for _, m := range c.members {
		for key, e := range m.ends {
			all[key] = side{key, e, m}
		}
	}
	return all
}

// flights says what is on its way, and for how long that is waited for, and
// forgets the connections that are over. The lock is held.
func (c *Coordinator) flights() (why []string, again time.Duration) {
	again = forever
	all := c.sides()
	for key, dialler := range all {
		acceptor, ok := all[stepped.Accepted(key)]
		switch {
		case !ok: // it is the acceptor, or nobody has accepted it yet
			continue
		case dialler.Closed && acceptor.Closed:
			c.forget(dialler)
			c.forget(acceptor)
			continue
		case dialler.far() || acceptor.far():
			continue
		}
		if on := between(key, dialler, acceptor); len(on) > 0 {
			if patience := min(dialler.patience(), acceptor.patience()); patience > 0 {
				why, again = append(why, on...), min(again, patience)
			}
		}
	}
	return why, again
}

// between says what is on its way between two ends.
func between(key string, dialler, acceptor side) (why []string) {
	if !acceptor.paused() {
		why = flight(key+", to the acceptor", dialler.End, acceptor.End)
	}
	if !dialler.paused() {
		why = append(why, flight(key+", to the dialler", acceptor.End, dialler.End)...)
	}
	return why
}

func (c *Coordinator) forget(s side) {
	if s.of == nil {
		delete(c.ends, s.key)
	} else {
		delete(s.of.ends, s.key)
		delete(s.of.worn, s.key)
	}
}

// flight says what is on its way from one end to the other.
func flight(key string, from, to stepped.End) []string {
	if to.Silent || to.Closed {
		return nil
	}
	var why []string
	if to.Reading && from.Sent > to.Received {
		why = append(why, fmt.Sprintf("%s: %d bytes", key, from.Sent-to.Received))
	}
	if to.Reading && !to.Over && (from.Closed || from.WriteClosed) {
		why = append(why, key+": the end of the stream")
	}
	if to.Writing && from.Closed {
		why = append(why, key+": a reset")
	}
	if from.Writing && from.Sent <= to.Received {
		why = append(why, key+": the end of a write")
	}
	return why
}

// unanswered says which dials have no answer, which connections nobody has
// accepted and which datagrams nobody has received, that may still have one or
// be, and for how long. The lock is held.
func (c *Coordinator) unanswered() (why string, again time.Duration) {
	again = forever
	if !c.apart {
		return "", again
	}
	seen := map[string]bool{}
	wait := func(what, to string) (over bool) {
		seen[what] = true
		left, over := c.underway(what, to)
		if left > 0 {
			why, again = what, min(again, left)
		}
		return over
	}
	defer c.onlyUnderway(seen)
	for port, n := range c.sent.underway(c.members) {
		if to := fmt.Sprintf("a datagram to port %d", port); wait(to, to) {
			c.sent.writeOff(port, n)
		}
	}
	for _, m := range c.members {
		if m.gone || m.paused {
			continue
		}
		for _, target := range m.state.Dials {
			to := m.name + ": a dial of " + target
			wait(to, to)
		}
		for key, e := range m.ends {
			if !e.Closed && !strings.HasSuffix(key, acceptedSuffix) && !c.isAccepted(key) {
				_, target, _ := strings.Cut(key, ">")
				wait(m.name+": the connection "+key+" that nobody has accepted", m.name+": a connection to "+target)
			}
		}
	}
	return why, again
}

func (c *Coordinator) isAccepted(key string) bool {
	key = stepped.Accepted(key)
	return slices.ContainsFunc(c.members, func(m *Member) bool { _, ok := m.ends[key]; return ok })
}

// closedByDialler says whether the dialler of a connection has closed it.
func (c *Coordinator) closedByDialler(key string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, m := range c.members {
		if m.ends[key].Closed {
			return true
		}
	}
	return c.ends[key].Closed
}

// account is everything that is known of everybody, a line each.
func (c *Coordinator) account() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var b strings.Builder
	if !c.apart {
		b.WriteString("\n  this process:")
		writeEnds(&b, c.ends)
	}
	for _, m := range c.members {
		fmt.Fprintf(&b, "\n  %s: has seen message %d of %d, owes a report %t, paused %t, hung up %t, ended %t, dials %v",
			m.name, m.seen, m.seq, m.owes, m.paused, m.lost, m.gone, m.state.Dials)
		if m.restlessBy != "" {
			fmt.Fprintf(&b, ", was restless once: %s", m.restlessBy)
		}
		for address := range m.away {
			fmt.Fprintf(&b, ", has lost %s", address)
		}
		writeEnds(&b, m.ends)
	}
	return b.String()
}

func writeEnds(b *strings.Builder, ends map[string]stepped.End) {
	for _, key := range slices.Sorted(maps.Keys(ends)) {
		if e := ends[key]; !e.Closed {
			fmt.Fprintf(b, "\n    %s: %+v", key, e)
		}
	}
}
