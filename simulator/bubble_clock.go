package simulator

import (
	"slices"
	"sync"
	"time"
)

// ownClock is the clock of an agent's machine in the bubble: the bubble's, or one
// that is wrong, whose timers wait while the agent is paused.
type ownClock struct {
	ahead time.Duration

	mu     sync.Mutex
	paused bool
	due    []*overdue // in order
}

// overdue is a timer that was due while the agent was paused.
type overdue struct{ f func() }

func (c *ownClock) Now() time.Time { return time.Now().Add(c.ahead) }

func (c *ownClock) Busy(int) {}

func (c *ownClock) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	late := &overdue{f}
	timer := time.AfterFunc(d, func() {
		if !c.postpone(late) {
			f()
		}
	})
	return func() bool { return timer.Stop() || c.drop(late) }
}

// postpone keeps a timer while the agent is paused, and says whether it is.
func (c *ownClock) postpone(late *overdue) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.paused {
		c.due = append(c.due, late)
	}
	return c.paused
}

// drop says whether the timer was one of those that wait.
func (c *ownClock) drop(late *overdue) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.Index(c.due, late)
	if i < 0 {
		return false
	}
	c.due = slices.Delete(c.due, i, i+1)
	return true
}

func (c *ownClock) pause() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paused = true
}

// resume fires what is overdue, each once everything has come to rest after the
// one before, as a coordinator does.
func (c *ownClock) resume() {
	for next := c.next(); next != nil; next = c.next() {
		go next.f()
		settle()
	}
}

// next is the first that is overdue; nil: there is none, and the agent goes on.
func (c *ownClock) next() *overdue {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.due) == 0 {
		c.paused = false
		return nil
	}
	first := c.due[0]
	c.due = c.due[1:]
	return first
}
