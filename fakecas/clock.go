package fakecas

import "time"

// Clock is where every time and every timer of the server comes from. A nil
// Clock is the system's.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f once, d from now, in a goroutine of its own; stop
	// reports whether it prevented the call.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
	// Busy adds n to the pieces of work in hand, for a clock that must not step
	// on before they are done. Waiting for a peer or a timer is not work.
	Busy(n int)
}

// systemClock is what a nil Clock means.
type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}

func (systemClock) Busy(int) {}
