package main

import (
	"sync"
	"time"
)

// steppedClock stands still but for advance, and doesn't move while work is in
// hand.
type steppedClock struct {
	mu     sync.Mutex
	now    time.Time
	timers []*timer // in the order in which they were armed
	busy   int      // pieces of work in hand
	idle   sync.Cond
}

type timer struct {
	at time.Time
	f  func()
}

func newSteppedClock() *steppedClock {
	c := &steppedClock{now: time.Now()}
	c.idle.L = &c.mu
	return c
}

func (c *steppedClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *steppedClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &timer{c.now.Add(d), f}
	c.timers = append(c.timers, t)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.remove(t)
	}
}

func (c *steppedClock) Busy(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.busy += n; c.busy <= 0 {
		c.idle.Broadcast()
	}
}

func (c *steppedClock) remove(t *timer) bool {
	for i, other := range c.timers {
		if other == t {
			c.timers = append(c.timers[:i], c.timers[i+1:]...)
			return true
		}
	}
	return false
}

// advance moves the clock, one timer at a time in the order of their instants.
// Before each step, and before it returns, it waits until no work is in hand.
// What is still on its way through a kernel is no work in hand.
func (c *steppedClock) advance(d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.settle()
	end := c.now.Add(d)
	for {
		next := c.due(end)
		if next == nil {
			c.now = end
			return nil
		}
		c.remove(next)
		c.now = next.at
		c.mu.Unlock()
		next.f()
		c.mu.Lock()
		c.settle()
	}
}

// settle waits until no work is in hand. The caller holds the mutex.
func (c *steppedClock) settle() {
	for c.busy > 0 {
		c.idle.Wait()
	}
}

// due is the first timer that is due at end, or nil.
func (c *steppedClock) due(end time.Time) *timer {
	var next *timer
	for _, t := range c.timers {
		if !t.at.After(end) && (next == nil || t.at.Before(next.at)) {
			next = t
		}
	}
	return next
}
