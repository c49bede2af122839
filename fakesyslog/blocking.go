package fakesyslog

import (
	"sync"
	"time"
)

// blocking is a call on a connection that waits for the peer, and that an
// interrupt ends: by a deadline that is over whichever clock is asked.
type blocking struct {
	clock  Clock
	expire func(time.Time) error // sets the deadline; nil: it can't be interrupted

	mu      sync.Mutex
	under   bool // the call is under way
	poked   bool // an interrupt counted its caller as busy
	expired bool // the deadline lies in the past
}

// longAgo is a deadline that is over whichever clock is asked.
var longAgo = time.Unix(1, 0)

// begin says that the call follows; from then on its caller is no work in hand.
// After again, if positive, the call is interrupted; stop, if not nil, ends
// that. The caller holds mu.
func (b *blocking) begin(again time.Duration) (stop func() bool) {
	if b.expired {
		b.expired = false
		b.expire(time.Time{})
	}
	b.under = true
	if again > 0 {
		stop = b.clock.AfterFunc(again, b.interrupt)
	}
	b.clock.Busy(-1)
	return stop
}

// end says that the call has returned.
func (b *blocking) end(stop func() bool) {
	if stop != nil {
		stop()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.poked {
		b.clock.Busy(1)
	}
	b.under, b.poked = false, false
}

// interrupt makes a call that is under way return.
func (b *blocking) interrupt() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.under || b.expire == nil {
		return
	}
	if !b.poked {
		b.poked = true
		b.clock.Busy(1)
	}
	b.expired = true
	b.expire(longAgo)
}

// begin is that of one of a connection's calls, unless the faults have changed
// since its last turn: they must be asked first.
func (c *conn) begin(b *blocking, again time.Duration) (stop func() bool, ok bool) {
	c.s.mu.Lock()
	fresh := !c.s.faulty.Load() || c.generation == c.s.generation
	b.mu.Lock() // before the other is let go of: a change that comes now interrupts the call
	c.s.mu.Unlock()
	defer b.mu.Unlock()
	if !fresh {
		return nil, false
	}
	return b.begin(again), true
}

// interrupt ends whatever the connection waits for a peer with.
func (c *conn) interrupt() {
	c.mu.Lock()
	r := c.relay
	c.mu.Unlock()
	if r != nil {
		r.interrupt()
	}
	c.reading.interrupt()
}
