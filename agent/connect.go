package agent

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"siemdrill/agent/internal/syslog"
)

// How delivery comes to its connections.

// dial connects because the Machine wants it. A dial that is under way already
// answers for it.
func (d *delivery) dial() {
	if d.connection != nil && !d.confirming {
		return
	}
	if d.dialling != nil {
		d.dialling.early = false
		return
	}
	d.connect(false)
}

// dialEarly opens the connection after the one that is being confirmed. It is
// a convenience: if it fails, nobody is told, and the Machine will want a dial
// when the confirmation is there.
func (d *delivery) dialEarly() {
	if d.dialling == nil && d.next == nil {
		d.connect(true)
	}
}

func (d *delivery) connect(early bool) {
	a, sink := d.agent, d.sink
	underway := &dialling{early: early}
	d.dialling = underway
	underway.cancel = a.beside(func(ctx context.Context) func() {
		var c *syslog.Connection
		var err error
		a.waiting(func() { c, err = sink.Dial(ctx) })
		return func() {
			if d.dialling != underway { // given up meanwhile
				if c != nil {
					c.Close()
				}
				return
			}
			d.dialling = nil
			if err != nil {
				d.dialFailed(underway.early, plainly(sink, err))
				return
			}
			d.connected(c, underway.early)
		}
	})
}

func (d *delivery) dialFailed(early bool, err error) {
	a := d.agent
	if early {
		d.refused = err
		return
	}
	a.tell(KindDialFailed, "", "", err.Error())
	if lines := d.takeBack(); lines > 0 {
		a.tell(KindInDoubt, "", "", count(lines))
		a.step(Broken{InDoubt: true, Cause: err})
		return
	}
	a.step(DialFailed{err})
}

// sayRefused tells, once, of a receiver that has confirmed, so it is there, and
// would not have a second connection meanwhile.
func (d *delivery) sayRefused() {
	if d.refused != nil && !d.refuses {
		d.refuses = true
		d.agent.log.Warn("the receiver refuses a second connection while the first is being confirmed, so each batch waits for a new one", "cause", d.refused)
	}
}

// plainly names the receiver and, in plain words, what is wrong with its
// certificate, if that is it.
func plainly(sink *syslog.Sink, err error) error {
	if fault, ok := errors.AsType[*certificateFault](inPlainWords(err, sink.Clock.Now())); ok {
		return fmt.Errorf("%s: TLS: %w", sink.Address(), fault)
	}
	return err
}

func (d *delivery) connected(c *syslog.Connection, early bool) {
	a := d.agent
	a.tell(KindConnected, c.Name(), "", d.sink.Address())
	d.await(c)
	d.about(c)
	if early {
		d.next = c
		return
	}
	d.connection = c
	a.step(Connected{})
	d.pump()
}

// probe finds out, on a connection that carries nothing, whether the receiver
// reads: it is confirmed like a batch. A probe that is not answered is given up
// when the next one is made, and counts if that was after all patience.
func (d *delivery) probe(patient bool) {
	a := d.agent
	asked := d.probing != nil && d.probing.asked.Load() && d.confirming && d.connection.Asked()
	d.dropProbe()
	if asked && patient && d.unanswered() {
		return
	}
	a.log.Info("trying whether the receiver reads on another connection")
	d.try(func() { a.step(Probed{}) }, func(err error) {
		a.tell(KindDialFailed, "", "", err.Error())
		a.step(ProbeFailed{err})
	})
}

// try has read called if the receiver reads a connection that carries nothing,
// or failed if there is none to be had.
func (d *delivery) try(read func(), failed func(error)) {
	d.dropNext() // two connections are the most
	underway := &probing{}
	d.probing = underway
	a, sink := d.agent, d.sink
	underway.cancel = a.beside(func(ctx context.Context) func() {
		var answered bool
		var err error
		a.waiting(func() { answered, err = underway.ask(ctx, sink) })
		return func() {
			if d.probing != underway { // given up meanwhile
				return
			}
			switch {
			case err != nil:
				d.probing = nil
				failed(plainly(sink, err))
			case answered:
				d.probing = nil
				read()
			}
		}
	})
}

// probing is a probe under way; one that was given up is told by its address.
type probing struct {
	cancel context.CancelFunc
	asked  atomic.Bool // it was closed to, and only the answer is missing
}

// ask reports whether the receiver reads, and what kept it from connecting.
func (p *probing) ask(ctx context.Context, sink *syslog.Sink) (answered bool, failed error) {
	c, err := sink.Dial(ctx)
	if err != nil {
		return false, err
	}
	defer c.Close()
	p.asked.Store(true)
	return c.Confirm(ctx) == nil, nil
}

func (d *delivery) dropProbe() {
	if d.probing != nil {
		d.probing.cancel()
		d.probing = nil
	}
}

// dropNext gives up the connection that was opened, or is being opened, early.
func (d *delivery) dropNext() {
	if d.dialling != nil {
		d.dialling.cancel()
		d.dialling = nil
	}
	if d.next != nil {
		d.next.Close()
		d.next = nil
	}
}

// await has a connection's end noticed when it happens, with or without traffic.
func (d *delivery) await(c *syslog.Connection) {
	if d.sink.Transport == syslog.UDP {
		return
	}
	a := d.agent
	a.beside(func(context.Context) func() {
		a.waiting(func() { <-c.Ended() }) // Close ends it too
		return func() { d.ended(c) }
	})
}

// ended is the end of a connection that the receiver made. While a confirmation
// is awaited, that judges it.
func (d *delivery) ended(c *syslog.Connection) {
	switch {
	case c == d.next:
		d.next, d.witness.ended = nil, d.agent.clock.Now()
		c.Close()
	case c == d.connection && !d.confirming:
		d.broken(d.batch.lines > 0 || d.writing, c.Cause())
	}
}
