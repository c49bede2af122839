package agent

import (
	"siemdrill/agent/console"
	"siemdrill/agent/internal/cas"
)

// A recovery agent, as documented, forwards activities only, by the portal's
// filters, of one time frame, whether they were forwarded before or not; then
// it stops. Its place is a checkpoint of its own, like every agent's. The frame
// is one of the times at which records were listed (created), as every cursor
// is: what another agent lost, it lost in that order.

// bounded returns the configuration of a recovery agent as that of one that
// pulls activities of its frame; every other one as it is.
func bounded(c console.Configuration) console.Configuration {
	if c.Recovery == nil {
		return c
	}
	c.Alerts = console.DataType{}
	if filters, err := cas.CreatedBefore(c.Activities.Filters, c.Recovery.To); err == nil { // else the pull says what is wrong with them
		c.Activities.Filters = filters
	}
	return c
}

// frameForwarded reports whether everything of the frame is confirmed, also
// what was listed late: the list was read to its end after the frame's, and
// nothing of it is under way.
func (a *Agent) frameForwarded() bool {
	frame, s := a.configuration.Recovery, a.streams[cas.Activity]
	if frame == nil || s.more || s.waiting > 0 {
		return false
	}
	read, next := s.confirmed, s.next
	return read.Position == next.Position && read.Floor == next.Floor && len(read.Seen) == len(next.Seen) &&
		read.Read >= frame.To.Add(cas.DefaultLookBack).UnixMilli()
}

// endRecovery tells the Machine when a recovery agent has nothing left to do.
func (a *Agent) endRecovery() {
	c := a.configuration
	if c.Recovery == nil || a.stopping {
		return
	}
	if c.Enabled && !a.frameForwarded() {
		return
	}
	if left := a.delivery.unsure(); left > 0 {
		a.set(timerGrace, left, a.endRecovery)
		return
	}
	a.step(RecoveryOver{})
}
