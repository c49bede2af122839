package agent

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/internal/wiretest"
)

// countingClock is an hour ahead of the system's, and counts.
type countingClock struct {
	systemClock
	busy, timers atomic.Int64
}

func (c *countingClock) Now() time.Time { return time.Now().Add(time.Hour) }

func (c *countingClock) Busy(n int) {
	if c.busy.Add(int64(n)) < 0 {
		panic("less than nothing is busy")
	}
}

func (c *countingClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.timers.Add(1)
	stop := c.systemClock.AfterFunc(d, func() { c.timers.Add(-1); f() })
	return func() bool {
		inTime := stop()
		if inTime {
			c.timers.Add(-1)
		}
		return inTime
	}
}

// A stepped clock moves on only while nothing is busy, so an agent that waits
// must not be; and the agent's times are the clock's.
func TestTheClockIsToldWhatIsBusy(t *testing.T) {
	for name, receiver := range map[string]func(w *world) func(*wiretest.End){
		"a receiver that reads": func(w *world) func(*wiretest.End) { return w.readAll },
		"one that never does":   func(*world) func(*wiretest.End) { return func(*wiretest.End) {} },
		"one that refuses":      func(*world) func(*wiretest.End) { return nil },
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				clock := &countingClock{}
				w.clock = clock
				w.receivers["192.0.2.1:514"] = receiver(w)
				w.settings.StallAfter = Duration(time.Minute)
				w.add(3000)
				stop := w.start()
				for range 200 {
					pass(1700 * time.Millisecond)
					g.Expect(clock.busy.Load()).To(BeZero(), "while everything waits")
				}
				g.Expect(w.events[0].Time).To(Equal(time.Now().Add(time.Hour - 340*time.Second)))
				g.Expect(stop()).To(Succeed())
				synctest.Wait()
				g.Expect(clock.busy.Load()).To(BeZero(), "at the end")
				g.Expect(clock.timers.Load()).To(BeZero(), "no timer is left")
			})
		})
	}
}
