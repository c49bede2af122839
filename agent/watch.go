package agent

import (
	"fmt"
	"time"

	"siemdrill/agent/internal/syslog"
)

// timerWatch is when the watch looks next.
const timerWatch Timer = "watch"

// watch looks, while a write or a confirmation is under way, whether anything
// moves. It tells the Machine of a stall once nothing has for StallAfter, and
// of the first movement after that.
func (d *delivery) watch() {
	if d.agent.timers[timerWatch] != nil {
		return
	}
	seen := sight{since: d.agent.clock.Now()}
	d.look(&seen)
}

// sight is what the watch has seen.
type sight struct {
	connection *syslog.Connection
	progress   syslog.Progress
	since      time.Time // it has not moved since
	stalled    bool
}

// looks is how many times the watch looks within StallAfter.
const looks = 60

func (d *delivery) look(seen *sight) {
	a := d.agent
	if d.sink.Transport == syslog.UDP || d.connection == nil {
		return
	}
	now, progress := a.clock.Now(), d.connection.Progress()
	stallAfter := time.Duration(a.settings.StallAfter)
	if d.connection != seen.connection || progress != seen.progress {
		if seen.stalled && d.connection == seen.connection {
			d.dropProbe()
			a.step(Progressed{})
			d.pump()
		}
		*seen = sight{d.connection, progress, now, false}
	}
	if !d.isMoving() {
		return
	}
	if !seen.stalled && now.Sub(seen.since) >= stallAfter {
		seen.stalled = true
		a.stalled(d.connection, progress, stallAfter)
	}
	a.set(timerWatch, stallAfter/looks, func() { d.look(seen) })
}

// isMoving says whether something should move on the connection: a write, an acknowledgement that
// the window waits for, or an answer.
func (d *delivery) isMoving() bool {
	return d.writing || d.confirming || d.proof.byWindow() && d.connection.Unacked() > 0
}

func (a *Agent) stalled(c *syslog.Connection, p syslog.Progress, after time.Duration) {
	cause := fmt.Errorf("%s: nothing has moved for %s, %d bytes are not acknowledged", a.delivery.sink.Address(), after, p.Unacked)
	if p.Unacked == 0 {
		cause = fmt.Errorf("%s: the receiver has not confirmed for %s", a.delivery.sink.Address(), after)
	}
	a.tell(KindStalled, c.Name(), "", cause.Error())
	a.step(Stalled{cause})
}
