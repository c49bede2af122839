package fakesyslog

import "time"

// Clock is where every time stamp and every timer of a Server comes from.
// A stepped clock learns through Busy when work is in hand that it must wait
// for; the system's clock ignores it.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f in its own goroutine after d. stop prevents the call
	// and reports whether it did.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
	// Busy adds n to the count of pieces of work in hand.
	Busy(n int)
}

// systemClock is the Clock of a Server that was given none.
type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}

func (systemClock) Busy(int) {}
