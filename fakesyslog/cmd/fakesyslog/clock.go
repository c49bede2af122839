package main

import (
	"sync"
	"time"
)

// steppedClock stands still but for advance.
type steppedClock struct {
	mu     sync.Mutex
	now    time.Time
	timers []*timer // in the order in which they were armed
}

type timer struct {
	at time.Time
	f  func()
}

func newSteppedClock() *steppedClock { return &steppedClock{now: time.Now()} }

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

func (c *steppedClock) Busy(int) {}

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
func (c *steppedClock) advance(d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	end := c.now.Add(d)
	for {
		var next *timer
		for _, t := range c.timers {
			if !t.at.After(end) && (next == nil || t.at.Before(next.at)) {
				next = t
			}
		}
		if next == nil {
			c.now = end
			return nil
		}
		c.remove(next)
		c.now = next.at
		c.mu.Unlock()
		next.f()
		c.mu.Lock()
	}
}
