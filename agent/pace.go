package agent

import "time"

// pace is K, how many lines a fault makes arrive again at most. That can be two
// batches: a break within the grace takes back the one before, and a crash of the
// agent loses the cursors that are being saved. So a connection carries half of K
// before it is closed to confirm it. Each confirmation costs a round trip or two,
// and up to 40 ms where an acknowledgement is delayed; when that is more than its
// share of the time, K grows, but never beyond what a second carries.
type pace struct {
	least int // the setting
	share int // percent
	now   int // K; 0 means least
	last  time.Time
}

// lines is K.
func (p *pace) lines() int { return max(p.least, p.now) }

// batch is how many lines a connection carries.
func (p *pace) batch() int { return p.lines() / 2 }

// confirmed takes the measure of a batch of n lines whose confirmation began
// then and ended now; full says that it was closed because it had no room for
// more. It reports whether K has changed.
func (p *pace) confirmed(n int, full bool, began, ended time.Time) bool {
	cycle, cost := ended.Sub(p.last), ended.Sub(began)
	first := p.last.IsZero()
	p.last = ended
	k := p.lines()
	switch {
	case first || cycle <= 0:
		return false
	case full && 100*cost > time.Duration(p.share)*cycle:
		second := int(float64(n) * float64(time.Second) / float64(cycle))
		p.now = max(k, min(2*k, second))
	case !full || 400*cost < time.Duration(p.share)*cycle: // half of K would do as well
		p.now = k / 2
	}
	return p.lines() != k
}
