package coordinator

import (
	"fmt"
	"sync"
	"time"

	"siemdrill/agent/stepped"
)

// Coordinator owns the time. It is itself the party, and the Clock, of the fakes
// and of whatever else a Lab has in this process.
type Coordinator struct {
	*stepped.Party

	// Resolve answers a member's question for a name; ok is false when nobody
	// answers.
	Resolve func(host string) (answer stepped.Answer, ok bool)

	// Limit is how long, in real time, it may take everybody to come to rest;
	// 0 means 30 s.
	Limit time.Duration

	apart   bool // nothing of the Lab is in this process
	restore func()
	changed chan struct{}
	hearing sync.WaitGroup

	mu      sync.Mutex
	members []*Member
	ends    map[string]stepped.End // of this process, the closed ones too
	next    time.Time              // when the first timer of this process is due
	wave    wave
	sent    datagrams
}

// New returns a coordinator at a time. While it lives, Go runs one goroutine at
// a time in this process.
func New(now time.Time) (*Coordinator, error) {
	c := newCoordinator(now)
	var err error
	c.restore, err = c.Calibrate()
	return c, err
}

// NewApart returns a coordinator at a time, all of whose Lab is on other
// machines. What it does at a time of its own (AfterFunc) is done before
// anything else happens.
func NewApart(now time.Time) *Coordinator {
	c := newCoordinator(now)
	c.apart, c.restore = true, func() {}
	return c
}

func newCoordinator(now time.Time) *Coordinator {
	c := &Coordinator{Party: &stepped.Party{}, changed: make(chan struct{}, 1), ends: map[string]stepped.End{}}
	c.Resolve = func(string) (stepped.Answer, bool) {
		return stepped.Answer{Failure: "no such host", NotFound: true}, true
	}
	c.Changed, c.Forsaken = c.wake, c.closedByDialler
	c.Begin(now, 0)
	return c
}

// Close lets go of the members, whose processes must have ended.
func (c *Coordinator) Close() {
	c.mu.Lock()
	members := c.members
	c.mu.Unlock()
	for _, m := range members {
		m.line.Close()
	}
	c.hearing.Wait()
	c.restore()
}

func (c *Coordinator) wake() {
	select {
	case c.changed <- struct{}{}:
	default:
	}
}

// defaultLimit is many times what 10 MB take on a machine with forty programs
// that want its two processors.
const defaultLimit = 30 * time.Second

// Settle returns when everybody is at rest and nothing is on its way. An error
// says who is not after Limit of real time.
func (c *Coordinator) Settle() error {
	limit := c.Limit
	if limit == 0 {
		limit = defaultLimit
	}
	began := time.Now()
	for {
		left := limit - time.Since(began)
		state, why := c.look(left)
		if why != "" {
			return c.unrest(limit, "this process: "+why)
		}
		why, again := c.judge(state)
		if why == "" && c.confirmed() {
			return nil
		}
		if !c.waitForChange(min(left, again)) && time.Since(began) >= limit {
			return c.unrest(limit, why)
		}
	}
}

// look is what this process knows of itself once it is at rest; why says what
// keeps it from that within limit.
func (c *Coordinator) look(limit time.Duration) (state stepped.State, why string) {
	for {
		changes := c.Changes()
		if !c.apart {
			if err := c.Rest(limit); err != nil {
				return state, err.Error()
			}
		}
		if state, same := c.State(changes); same {
			return state, ""
		}
	}
}

// waitForChange says whether something changed within limit.
func (c *Coordinator) waitForChange(limit time.Duration) bool {
	if limit <= 0 {
		return false
	}
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-c.changed:
		return true
	case <-timer.C:
		return false
	}
}

// Advance lets d pass: everything that is due by then happens at its time, one
// after the other, and has come to rest when Advance returns.
func (c *Coordinator) Advance(d time.Duration) error {
	if d < 0 {
		return errNoTime
	}
	target := c.Now().Add(d)
	for {
		fired, err := c.step(target)
		if err != nil {
			return err
		}
		if !fired {
			break
		}
	}
	c.move(target, nil)
	return c.Settle()
}

// Until lets time pass until done says so, at most limit; it reports whether it
// did.
func (c *Coordinator) Until(done func() bool, limit time.Duration) (bool, error) {
	target := c.Now().Add(limit)
	for {
		if err := c.Settle(); err != nil || done() {
			return err == nil, err
		}
		fired, err := c.step(target)
		if err != nil || !fired {
			return false, err
		}
	}
}

// step comes to rest and then fires the first timer that is due by target, if
// there is one.
func (c *Coordinator) step(target time.Time) (fired bool, err error) {
	if err := c.Settle(); err != nil {
		return false, err
	}
	due, owner := c.first()
	if due.IsZero() || due.After(target) {
		return false, nil
	}
	if c.move(due, owner) {
		if err := c.Settle(); err != nil { // everybody knows the time before anything happens at it
			return false, err
		}
	}
	switch {
	case owner != nil:
		owner.grant(c.Now(), stepped.Fire)
	case c.apart:
		c.Due()()
		c.Ask() // it may have told somebody
	default:
		c.Fire()
	}
	return true, nil
}

// first is when the next timer is due, and whose it is; nil: this process's.
func (c *Coordinator) first() (due time.Time, owner *Member) {
	c.mu.Lock()
	defer c.mu.Unlock()
	due = c.next
	for _, m := range c.members {
		if next := m.state.Next; !m.gone && !m.paused && !next.IsZero() && (due.IsZero() || next.Before(due)) {
			due, owner = next, m
		}
	}
	return due, owner
}

// move sets the time to now, or leaves it if it is later already, and says
// whether a member was told. Owner is told when its timer fires.
func (c *Coordinator) move(now time.Time, owner *Member) (told bool) {
	if !now.After(c.Now()) {
		return false
	}
	c.Move(now)
	c.mu.Lock()
	members := c.members
	c.mu.Unlock()
	for _, m := range members {
		if m != owner && m.listens() {
			m.grant(now, stepped.Move)
			told = true
		}
	}
	return told
}

func (m *Member) listens() bool {
	m.coordinator.mu.Lock()
	defer m.coordinator.mu.Unlock()
	return !m.gone && !m.paused && !m.lost
}

// unrest is the error of a Settle that gave up.
func (c *Coordinator) unrest(limit time.Duration, why string) error {
	return fmt.Errorf("not at rest after %s of real time, at %s: %s%s", limit, c.Now().Format(time.RFC3339Nano), why, c.account())
}
