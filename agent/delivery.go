package agent

import (
	"context"
	"fmt"
	"time"

	"siemdrill/agent/internal/cas"
	"siemdrill/agent/internal/cef"
	"siemdrill/agent/internal/dial"
	"siemdrill/agent/internal/syslog"
)

// delivery brings pages to the receiver, a batch at a time: a batch is what is
// written to one connection, and closing the connection confirms it. All of it
// runs on the loop; dials, writes and confirmations run beside it, one write or
// confirmation at a time.
type delivery struct {
	agent  *Agent
	dialer dial.Dialer
	sink   *syslog.Sink
	layout cef.Layout

	connection *syslog.Connection // that lines are written to, or that is being confirmed
	next       *syslog.Connection // opened early, and carries no byte yet
	dialling   *dialling
	probing    *probing

	queue      []*parcel // what is not written, in order
	batch      batch
	pace       pace
	paceSaid   int // in the log
	proof      proof
	proofOf    *syslog.Sink // what proof is about
	refused    error        // why there was no second connection while this batch was confirmed
	refuses    bool         // a second connection, and that was said
	writing    bool
	confirming bool
	held       bool

	witness witness
	saver
}

// dialling is a dial under way; one that was given up is told by its address.
type dialling struct {
	cancel context.CancelFunc
	early  bool // for the connection after the one that is being confirmed
}

// batch is what is in doubt.
type batch struct {
	cursors map[*stream]cas.Cursor // how far each stream gets with it
	lines   int
	due     bool      // it is to be confirmed now
	began   time.Time // its confirmation
	window  window    // places in it, while the window confirms
}

func newDelivery(a *Agent, dialer dial.Dialer) *delivery {
	d := &delivery{agent: a, dialer: dialer, pace: pace{least: a.settings.ConfirmLines, share: a.settings.ConfirmShare}, paceSaid: a.settings.ConfirmLines}
	d.saver.agent = a
	return d
}

// take accepts a page. An agent that stops leaves it to its next run, with those
// that were before it.
func (d *delivery) take(p *parcel) {
	if d.agent.stopping {
		return
	}
	p.stream.waiting++
	d.queue = append(d.queue, p)
	d.pump()
}

// pump does the next thing that there is to do.
func (d *delivery) pump() {
	if d.connection == nil || d.writing || d.confirming || d.agent.finished {
		return
	}
	d.passEmpty()
	switch {
	case d.batch.lines > 0 && d.isDue():
		if d.batch.began.IsZero() {
			d.batch.began = d.agent.clock.Now()
		}
		if !d.saving { // so a crash sends two batches again at most
			d.confirm()
		}
	case len(d.queue) > 0 && !d.held && !d.agent.stopping:
		d.write()
	}
}

// isDue says whether the batch is to be confirmed: it is full, or old, or
// nothing more is about to come.
func (d *delivery) isDue() bool {
	if d.agent.stopping {
		return true
	}
	if d.proof.byWindow() {
		return false
	}
	if d.batch.due || d.batch.lines >= d.pace.batch() {
		return true
	}
	if len(d.queue) > 0 {
		return false
	}
	for _, s := range d.agent.streams {
		if s.more {
			return false
		}
	}
	return true
}

// passEmpty takes pages without records off the queue: they still move the
// cursor, with the batch that is before them.
func (d *delivery) passEmpty() {
	for len(d.queue) > 0 && len(d.queue[0].page.Records) == 0 {
		d.written(d.queue[0], 0)
	}
	if d.batch.lines == 0 && len(d.batch.cursors) > 0 {
		d.settle()
	}
}

// timerConfirm limits how long a line is in doubt before it is confirmed.
const timerConfirm Timer = "confirm"

// write sends as much of the first page as the batch has room for.
func (d *delivery) write() {
	a, c, p := d.agent, d.connection, d.queue[0]
	most := len(p.page.Records)
	if !d.proof.byWindow() {
		most = d.pace.batch() - d.batch.lines
	}
	if d.batch.lines == 0 && !d.proof.byWindow() {
		a.step(Sent{})
		a.set(timerConfirm, time.Duration(a.settings.ConfirmAfter), func() {
			d.batch.due = true
			d.pump()
		})
	}
	n := min(len(p.page.Records)-p.sent, most)
	records, layout := p.page.Records[p.sent:p.sent+n], d.layout
	d.writing = true
	d.watch()
	before := c.Progress().Written
	a.beside(func(context.Context) func() {
		err := send(c, layout, records)
		return func() {
			if d.connection == c { // not abandoned meanwhile
				d.wrote(p, n, before, err)
			}
		}
	})
}

func send(c *syslog.Connection, layout cef.Layout, records []cas.Record) error {
	var line []byte
	for i := range records {
		line = layout.AppendLine(line[:0], &records[i])
		if err := c.Send(line); err != nil {
			return err
		}
	}
	return c.Flush()
}

// wrote is the end of writing n records of p, of which the first was written
// after so many bytes.
func (d *delivery) wrote(p *parcel, n int, before int64, err error) {
	d.writing = false
	if err != nil {
		d.broken(true, err)
		return
	}
	d.agent.tell(KindSent, d.connection.Name(), string(p.stream.kind), count(n))
	d.written(p, n)
	if d.proof.byWindow() {
		d.follow(p, n, before)
	}
	d.pump()
}

// written marks n more records of p, the first page of the queue.
func (d *delivery) written(p *parcel, n int) {
	p.sent += n
	d.batch.lines += n
	if d.batch.cursors == nil {
		d.batch.cursors = map[*stream]cas.Cursor{}
	}
	d.batch.cursors[p.stream] = p.page.Upto(p.sent)
	if p.sent < len(p.page.Records) {
		return
	}
	d.queue[0] = nil
	d.queue = d.queue[1:]
	p.stream.waiting--
	if p.stream.wanted && !d.agent.stopping {
		p.stream.wanted = false
		d.agent.pull(p.stream)
	}
}

// broken tells the Machine that the connection is gone, and perhaps takes the
// last answer with it.
func (d *delivery) broken(inDoubt bool, cause error) {
	a := d.agent
	name, again := d.connection.Name(), d.takeBack()
	inDoubt = inDoubt || again > 0
	lines := d.batch.lines + again
	if inDoubt {
		a.tell(KindInDoubt, name, "", count(lines))
	}
	a.tell(KindDisconnected, name, "", cause.Error())
	a.log.Warn("the connection to the receiver ended", "connection", name, "in doubt", lines, "cause", cause)
	d.drop()
	if a.stopping {
		d.batch = batch{}
		d.finishIfIdle()
		return
	}
	a.step(Broken{InDoubt: inDoubt, Cause: cause})
}

// drop closes the connections.
func (d *delivery) drop() {
	d.dropProbe()
	if d.connection != nil {
		d.connection.Close()
	}
	if d.next != nil {
		d.next.Close()
	}
	d.connection, d.next = nil, nil
	d.writing, d.confirming = false, false
	d.agent.unset(timerConfirm)
}

// abandon forgets the connection and everything that is not confirmed.
func (d *delivery) abandon() {
	d.dropNext()
	d.drop()
	d.queue, d.batch = nil, batch{}
	d.sure()
}

// finish confirms what is in doubt, for good. Of what is not, it keeps the page
// that is being written.
func (d *delivery) finish() {
	if d.writing {
		d.queue = d.queue[:1]
	} else {
		d.queue = nil
	}
	d.pump()
	d.finishIfIdle()
}

func (d *delivery) finishIfIdle() {
	if !d.agent.stopping || d.batch.lines > 0 || d.writing || d.saving {
		return
	}
	if left := d.unsure(); left > 0 && (d.connection != nil || d.dialling != nil) {
		d.agent.set(timerGrace, left, d.finishIfIdle)
		return
	}
	d.agent.finished = true
}

func count(n int) string { return fmt.Sprintf("%d records", n) }
