package cas

import "time"

// Clock is where every time stamp and timer of the client comes from.
// Busy brackets work in hand that a stepped clock has to wait for.
type Clock interface {
	Now() time.Time
	AfterFunc(d time.Duration, f func()) (stop func() bool)
	Busy(n int)
}

// systemClock is what a nil Clock means.
type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }
func (systemClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}
func (systemClock) Busy(int) {}

func orSystem(c Clock) Clock {
	if c == nil {
		return systemClock{}
	}
	return c
}
