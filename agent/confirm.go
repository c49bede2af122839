package agent

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"siemdrill/agent/internal/syslog"
)

// How delivery confirms a batch.

// confirm closes the connection to learn whether the batch was read, and opens
// the next one meanwhile. Over UDP there is nothing to learn.
func (d *delivery) confirm() {
	a, c := d.agent, d.connection
	a.unset(timerConfirm)
	if d.sink.Transport == syslog.UDP {
		d.confirmed()
		a.step(Confirmed{Next: true})
		d.pump()
		return
	}
	d.confirming, d.refused, d.witness.ended = true, nil, time.Time{}
	d.watch()
	d.dialEarly()
	a.beside(func(ctx context.Context) func() {
		var err error
		a.waiting(func() { err = c.Confirm(ctx) })
		return func() {
			if d.connection != c {
				return
			}
			d.confirming = false
			if err == nil {
				err = d.endedTogether()
			}
			if err != nil {
				if c.Asked() && errors.Is(err, syscall.ECONNRESET) && d.proof.wasReset() {
					d.sayWindow("the receiver resets the connection when it is closed to, however often")
				}
				d.broken(true, err)
				return
			}
			d.proof.answered()
			d.measure()
			d.remember()
			d.confirmed()
			d.turnOver()
		}
	})
}

// turnOver goes on with the next connection, if it stands already. One that is
// still being dialled will tell of itself.
func (d *delivery) turnOver() {
	d.dropProbe()
	d.sayRefused()
	d.connection, d.next = d.next, nil
	stands := d.connection != nil
	dialling := d.dialling != nil
	if dialling {
		d.dialling.early = false
	}
	d.agent.step(Confirmed{Next: stands || dialling})
	if d.agent.stopping && !stands && !dialling {
		d.connect(false) // the Machine wants none any more
	}
	d.pump()
}

// confirmed books the batch: this is the one place where a cursor moves over
// records. Within the grace takeBack moves it back.
func (d *delivery) confirmed() {
	a := d.agent
	a.tell(KindConfirmed, d.connection.Name(), "", count(d.batch.lines))
	d.settle()
}

func (d *delivery) settle() {
	for s, cursor := range d.batch.cursors {
		s.confirmed = cursor
	}
	d.batch = batch{}
	d.save()
}

// measure has K follow from what confirming costs.
func (d *delivery) measure() {
	a, now := d.agent, d.agent.clock.Now()
	if !d.pace.confirmed(d.batch.lines, d.batch.lines >= d.pace.batch(), d.batch.began, now) {
		return
	}
	a.tell(KindPace, "", "", fmt.Sprintf("%d lines", d.pace.lines()))
	if a.timers[timerPaceSaid] == nil {
		a.set(timerPaceSaid, paceSaidAfter, d.sayPace)
	}
}

// K moves in steps, several a second at first; the log has it once it has
// settled.
const (
	timerPaceSaid Timer = "pace-said"
	paceSaidAfter       = 10 * time.Second
)

func (d *delivery) sayPace() {
	if k := d.pace.lines(); k != d.paceSaid {
		d.paceSaid = k
		d.agent.log.Info("a fault makes at most so many lines arrive again; a connection carries half of them before they are confirmed", "lines", k)
	}
}
