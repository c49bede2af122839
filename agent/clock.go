package agent

import "time"

// Clock is where every timer and time stamp of the agent comes from, so that
// time can be stepped from outside. A nil Clock is the system's.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f once, on any goroutine, when d has passed, unless stop
	// was called before; stop says whether it was in time.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
	// Busy brackets work that a stepped clock must wait for: +1 when it is at
	// hand, -1 when it is done or waits for I/O or for a timer.
	Busy(n int)
}

// systemClock is the clock of the machine, or of the bubble.
type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }
func (systemClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}
func (systemClock) Busy(int) {}
