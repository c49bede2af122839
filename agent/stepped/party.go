package stepped

import (
	"maps"
	"slices"
	"sync"
	"time"
)

// Party is one process's part in stepped time. It is a Clock: every timer and
// time stamp of the process must come from it. The zero value is a party in the
// year 1 without timers; its methods may be called from any goroutine.
type Party struct {
	// Changed, if not nil, is called after every change of what State returns,
	// without locks. It must not wait.
	Changed func()

	// Forsaken, if not nil, says whether the dialler of an accepted connection
	// has closed it.
	Forsaken func(key string) bool

	mu      sync.Mutex
	now     time.Time
	ahead   time.Duration
	timers  timers
	set     uint64 // timers so far
	busy    int
	changes uint64
	ends    map[string]*End
	dials   map[*dial]struct{}
	doors   map[*Listener]struct{}
	mailbox map[*PacketConn]struct{}

	datagrams map[uint16]Datagrams

	rest rest
}

// Now implements Clock.
func (p *Party) Now() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now.Add(p.ahead)
}

// AfterFunc implements Clock: f runs in a goroutine of its own.
func (p *Party) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	p.mu.Lock()
	p.set++
	t := &timer{due: p.now.Add(max(d, 0)), order: p.set, f: f}
	p.timers.add(t)
	p.changes++
	p.mu.Unlock()
	p.tell()
	return func() bool {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.changes++
		return p.timers.remove(t)
	}
}

// Busy implements Clock.
func (p *Party) Busy(n int) { p.change(func() { p.busy += n }) }

// Begin sets the time before anything else happens. Ahead is how far the
// party's own clock is ahead of everybody else's; less than 0: behind.
func (p *Party) Begin(now time.Time, ahead time.Duration) {
	p.change(func() { p.now, p.ahead = now, ahead })
}

// Move sets the time, which is everybody's, to now. Nothing happens by that.
func (p *Party) Move(now time.Time) {
	p.mu.Lock()
	p.now = now
	p.mu.Unlock()
}

// Next is when the first timer is due; zero: there is none.
func (p *Party) Next() time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	if t := p.timers.first(); t != nil {
		return t.due
	}
	return time.Time{}
}

// Fire starts the first of the timers that are due, and says whether there was
// one.
func (p *Party) Fire() bool {
	p.mu.Lock()
	f := p.due()
	if f != nil {
		go f()
	}
	p.mu.Unlock()
	p.tell()
	return f != nil
}

// Due takes the first of the timers that are due and returns what it does; nil:
// none is.
func (p *Party) Due() func() {
	p.mu.Lock()
	defer p.tell()
	defer p.mu.Unlock()
	return p.due()
}

// due is Due with the lock held.
func (p *Party) due() func() {
	t := p.timers.first()
	if t == nil || t.due.After(p.now) {
		return nil
	}
	p.timers.remove(t)
	p.changes++
	return t.f
}

// State is what the party knows of itself; ok is false if that has changed since
// Changes was so much. An End that is closed is in it for the last time.
func (p *Party) State(changes uint64) (state State, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.changes != changes {
		return State{}, false
	}
	s := State{Ends: make(map[string]End, len(p.ends)), Datagrams: maps.Clone(p.datagrams)}
	if t := p.timers.first(); t != nil {
		s.Next = t.due
	}
	for d := range p.dials {
		s.Dials = append(s.Dials, d.target)
	}
	slices.Sort(s.Dials)
	for key, e := range p.ends {
		s.Ends[key] = *e
		if e.Closed {
			delete(p.ends, key)
		}
	}
	return s, true
}

// Changes counts the changes of the party so far.
func (p *Party) Changes() uint64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.changes
}

func (p *Party) change(f func()) {
	p.mu.Lock()
	f()
	p.changes++
	p.mu.Unlock()
	p.tell()
}

func (p *Party) tell() {
	if p.Changed != nil {
		p.Changed()
	}
}
