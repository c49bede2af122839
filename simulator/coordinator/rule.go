package coordinator

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"siemdrill/agent/stepped"
)

// The rule. This process is at rest already, by its own scheduler's account.
// Everybody is at rest, and time may move, if
//
//  1. each member's last report, which it gives only when it is at rest itself,
//     has seen everything that it was told;
//  2. on no connection is anything on its way to somebody who waits for it.
//
// Why it is sound: a process at rest wakes up only by a timer, which the
// coordinator grants, or by what comes over a connection. What comes is counted
// by its sender before the kernel has it, and by its receiver before the
// receiver is at rest again. What begins a connection, and datagrams, need no
// account: on one machine the kernel has delivered them when the call that sends
// them returns, and each process looks for itself.

// judge takes over what this process knows of itself and says why time may not
// move; "" means that it may.
func (c *Coordinator) judge(state stepped.State) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next = state.Next
	maps.Copy(c.ends, state.Ends)
	var why []string
	for _, m := range c.members {
		if s := m.restless(); s != "" {
			why = append(why, s)
		}
	}
	if len(why) > 0 {
		return strings.Join(why, "; ")
	}
	return strings.Join(c.flights(), "; ")
}

// flights says what is on its way, and forgets the connections that are over.
// The lock is held.
func (c *Coordinator) flights() []string {
	var why []string
	parties := []map[string]stepped.End{c.ends}
	for _, m := range c.members {
		parties = append(parties, m.ends)
	}
	paused := func(i int) bool { return i > 0 && c.members[i-1].paused }
	for i, party := range parties {
		for key, dialler := range party {
			acceptor, ok := c.ends[stepped.Accepted(key)]
			if !ok { // it is the acceptor, or nobody has accepted it yet
				continue
			}
			if dialler.Closed && acceptor.Closed {
				delete(party, key)
				delete(c.ends, stepped.Accepted(key))
				continue
			}
			why = append(why, flight(key+", to the acceptor", dialler, acceptor)...)
			if !paused(i) {
				why = append(why, flight(key+", to the dialler", acceptor, dialler)...)
			}
		}
	}
	return why
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
	b.WriteString("\n  this process:")
	writeEnds(&b, c.ends)
	for _, m := range c.members {
		fmt.Fprintf(&b, "\n  %s: has seen message %d of %d, owes a report %t, paused %t, hung up %t, ended %t, dials %v",
			m.name, m.seen, m.seq, m.owes, m.paused, m.lost, m.gone, m.state.Dials)
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
