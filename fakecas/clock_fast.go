package fakecas

import (
	"slices"
	"sync"
	"time"
)

// FastClock is a Clock that runs Speed times as fast as the system's, from the
// time of its first use on, and that can be advanced. The zero value runs at
// the system's speed.
type FastClock struct {
	Speed float64 // 0: 1

	mu     sync.Mutex
	then   time.Time // the virtual time at the real time real
	real   time.Time
	timers []*fastTimer // by due, then as they came
	wake   *time.Timer  // of the first
}

type fastTimer struct {
	due time.Time
	f   func()
}

// Now implements Clock.
func (c *FastClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now()
}

func (c *FastClock) now() time.Time {
	if c.real.IsZero() {
		c.real = time.Now()
		c.then = c.real.Round(0)
	}
	return c.then.Add(time.Duration(float64(time.Since(c.real)) * c.speed()))
}

func (c *FastClock) speed() float64 {
	if c.Speed == 0 {
		return 1
	}
	return c.Speed
}

// AfterFunc implements Clock.
func (c *FastClock) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &fastTimer{c.now().Add(d), f}
	i, _ := slices.BinarySearchFunc(c.timers, t, func(a, b *fastTimer) int {
		if a.due.After(b.due) {
			return 1
		}
		return -1
	})
	c.timers = slices.Insert(c.timers, i, t)
	c.rearm()
	return func() bool { return c.remove(t) }
}

func (c *FastClock) remove(t *fastTimer) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	i := slices.Index(c.timers, t)
	if i < 0 {
		return false
	}
	c.timers = slices.Delete(c.timers, i, i+1)
	c.rearm()
	return true
}

// rearm makes the system's timer that of the first one here.
func (c *FastClock) rearm() {
	if c.wake != nil {
		c.wake.Stop()
		c.wake = nil
	}
	if len(c.timers) > 0 {
		wait := float64(c.timers[0].due.Sub(c.now())) / c.speed()
		c.wake = time.AfterFunc(time.Duration(wait), c.fire)
	}
}

// fire starts what is due.
func (c *FastClock) fire() {
	c.mu.Lock()
	defer c.mu.Unlock()
	for now := c.now(); len(c.timers) > 0 && !c.timers[0].due.After(now); c.timers = c.timers[1:] {
		go c.timers[0].f()
	}
	c.rearm()
}

// Busy implements Clock. Nothing waits for it.
func (c *FastClock) Busy(int) {}

// Advance moves the clock on by d. What falls due meanwhile runs at its time,
// one after the other, before Advance returns.
func (c *FastClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	target := c.now().Add(d)
	for len(c.timers) > 0 && !c.timers[0].due.After(target) {
		t := c.timers[0]
		c.timers = c.timers[1:]
		c.set(t.due)
		c.mu.Unlock()
		t.f()
		c.mu.Lock()
	}
	c.set(target)
	c.rearm()
}

// set moves the clock to a time, unless it is there already.
func (c *FastClock) set(t time.Time) {
	if t.After(c.now()) {
		c.then, c.real = t, time.Now()
	}
}
