package agent

import (
	"errors"
	"time"

	"siemdrill/agent/internal/cas"
)

// How delivery tells an answer from the end of the receiver's process.
//
// The kernel closes the sockets of a process that ends, and one that was read
// dry ends as cleanly as if it had been answered, although the lines lie in the
// process's memory and go with it. But the process takes the next connection
// with it too, which nobody has asked to end. So a clean end counts for good
// only once the next connection has outlived it.

const (
	// grace is how long that takes. Of 116 ends of a process that were taken for
	// an answer, on two cores with twice as much to do, the next connection's end
	// was 13 ms from the clean one at most, and in nine of ten less than 2 ms.
	grace = 50 * time.Millisecond

	// mostDoubts is how often in a row an end is a sign. A receiver that takes
	// one connection only, or ends after each, shows it every time.
	mostDoubts = 2

	timerGrace Timer = "grace"
)

// errTogether is a clean end about which the next connection's says otherwise.
var errTogether = errors.New("the receiver ended the next connection together with this one")

// answer is the last batch that a clean end has confirmed, while that can be
// taken back.
type answer struct {
	at      time.Time
	lines   int
	cursors map[*stream]cas.Cursor // before it
	suspect bool                   // there was a sign, and it was not heeded
}

// witness is what the next connection says of the last answer.
type witness struct {
	last   answer
	ended  time.Time // of the next connection, before the answer; zero: it has not
	doubts int       // in a row
	said   bool      // that no sign is heeded any more
}

// remember notes that the batch is confirmed, before its cursors move. That one
// before it was read since is proof of its own.
func (d *delivery) remember() {
	d.sure()
	w := &d.witness
	w.last = answer{at: d.agent.clock.Now(), lines: d.batch.lines, cursors: map[*stream]cas.Cursor{}, suspect: !w.ended.IsZero()}
	for s := range d.batch.cursors {
		w.last.cursors[s] = s.confirmed
	}
}

// sure makes the last answer count for good.
func (d *delivery) sure() {
	w := &d.witness
	if w.last.lines > 0 && !w.last.suspect {
		w.doubts = 0
	}
	w.last = answer{}
}

// unsure is how long the last answer can still be taken back.
func (d *delivery) unsure() time.Duration {
	if d.witness.last.lines == 0 {
		return 0
	}
	return max(0, grace-d.agent.clock.Now().Sub(d.witness.last.at))
}

// endedTogether is an error if the next connection ended just before the answer
// that is there now.
func (d *delivery) endedTogether() error {
	w := &d.witness
	if w.ended.IsZero() || d.agent.clock.Now().Sub(w.ended) >= grace {
		return nil
	}
	d.sure() // the one before: this one was read after it
	if !d.heeds() {
		return nil
	}
	return errTogether
}

// takeBack puts the last batch that was confirmed in doubt again if that was
// just now: the receiver has ended, and perhaps it had then already. It returns
// how many lines these are.
func (d *delivery) takeBack() (lines int) {
	w := &d.witness
	switch {
	case d.unsure() == 0:
		return 0
	case !d.heeds():
		w.last.suspect = true
		d.sure()
		return 0
	}
	last := w.last
	w.last = answer{}
	for s, cursor := range last.cursors {
		s.confirmed = cursor
	}
	d.agent.log.Warn("the receiver ended as soon as it had confirmed: that is sent again, since it may not have used it", "lines", last.lines)
	d.save()
	return last.lines
}

// heeds says whether one more sign in a row is heeded.
func (d *delivery) heeds() bool {
	w := &d.witness
	if w.doubts < mostDoubts {
		w.doubts++
		return true
	}
	if !w.said {
		w.said = true
		d.agent.log.Warn("the receiver ends other connections whenever it confirms, so that is no sign any more that it has lost what it confirmed")
	}
	return false
}
