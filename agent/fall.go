package agent

import (
	"time"

	"siemdrill/agent/internal/syslog"
)

// How delivery falls back to the window, and comes back from it.

// about has proof begin anew for a new receiver, or a new configuration of it.
// Over UDP neither way confirms anything, so none is in use.
func (d *delivery) about(c *syslog.Connection) {
	was := d.proof.byWindow()
	if d.proofOf != d.sink {
		d.proofOf, d.refuses, d.proof = d.sink, false, proof{}
		d.witness = witness{}
		if d.sink.Transport != syslog.UDP {
			d.proof = proof{setting: d.agent.settings.Confirm, after: d.agent.settings.WindowAfter}
		}
	}
	why := "the setting confirm says so"
	if !c.Tells() && d.proof.fall() {
		why = "this system does not tell what is acknowledged"
	}
	switch is := d.proof.byWindow(); {
	case is && !was:
		d.sayWindow(why)
	case was && !is && d.sink.Transport != syslog.UDP:
		d.sayClosing("a new configuration begins with that")
	}
}

// unanswered counts a connection that was closed to with everything
// acknowledged, and that stays open. It reports whether that makes the window
// the way to go on; the Machine is told then.
func (d *delivery) unanswered() bool {
	if !d.proof.timedOut() {
		return false
	}
	d.sayWindow("the receiver does not close its side when it is closed to, however often")
	d.agent.post(func() { d.agent.step(Unanswered{}) })
	return true
}

// The timers of trying closing again: when, and until when.
const (
	timerCloseAgain     Timer = "close-again"
	timerCloseAgainOver Timer = "close-again-over"
)

func (d *delivery) sayWindow(why string) {
	a := d.agent
	a.log.Warn("lines are confirmed by what follows them from now on: up to a window of them arrive again after a break",
		"why", why, "bytes", a.settings.WindowBytes)
	a.tell(KindWay, "", "", "window: "+why)
	a.set(timerCloseAgain, time.Duration(a.settings.CloseAgain), d.closeAgain)
}

func (d *delivery) sayClosing(why string) {
	a := d.agent
	a.log.Info("lines are confirmed by closing again", "why", why)
	a.tell(KindWay, "", "", "close: "+why)
	a.unset(timerCloseAgain)
}

// closeAgain tries closing on a connection that carries nothing. If that is
// answered, the one in use is closed at once, which confirms all of it. Where
// the system does not tell what is acknowledged, an answer would prove too
// little.
func (d *delivery) closeAgain() {
	a := d.agent
	if !d.proof.fallen {
		return
	}
	a.set(timerCloseAgain, time.Duration(a.settings.CloseAgain), d.closeAgain)
	if d.connection == nil || d.held || !d.connection.Tells() {
		return
	}
	d.dropProbe()
	d.try(func() {
		d.sayClosing("the receiver answers")
		d.proof.answered()
		d.pump()
	}, func(error) {})
	trying := d.probing
	a.set(timerCloseAgainOver, time.Duration(a.settings.StallAfter), func() {
		if d.probing == trying {
			d.dropProbe()
		}
	})
}

// follow notes what was written, and confirms what the window has passed.
func (d *delivery) follow(p *parcel, n int, before int64) {
	a, size, now := d.agent, d.agent.settings.WindowBytes, d.connection.Progress()
	d.batch.window.add(p.stream, place{before, now.Written, n, d.batch.cursors[p.stream]}, size)
	lines := d.batch.window.slide(now.Written-int64(now.Unacked), size)
	if lines == 0 {
		return
	}
	d.batch.lines -= lines
	a.tell(KindConfirmed, d.connection.Name(), "", count(lines))
	d.save()
	a.step(Confirmed{Next: true})
}
