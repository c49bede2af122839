package cas

import (
	"context"
	"fmt"
	"time"
)

// sleep waits for d, or returns the cause of ctx. The caller is Busy; while it
// waits it is not, and the timer hands the work back to it.
func sleep(ctx context.Context, clock Clock, d time.Duration) error {
	if d <= 0 || ctx.Err() != nil {
		return context.Cause(ctx)
	}
	over := make(chan struct{})
	stop := clock.AfterFunc(d, func() {
		clock.Busy(1)
		close(over)
	})
	clock.Busy(-1)
	select {
	case <-over:
		return nil
	case <-ctx.Done():
		if stop() {
			clock.Busy(1)
		} else {
			<-over
		}
		return context.Cause(ctx)
	}
}

// timeout is why a request was cancelled. It is a timeout as the net package
// means it.
type timeout time.Duration

func (t timeout) Error() string   { return fmt.Sprintf("no whole answer within %s", time.Duration(t)) }
func (t timeout) Timeout() bool   { return true }
func (t timeout) Temporary() bool { return true }

// withLimit returns a context that is cancelled after d of the clock's time;
// end has to be called, and frees what it holds.
func withLimit(ctx context.Context, clock Clock, d time.Duration) (limited context.Context, end func()) {
	limited, cancel := context.WithCancelCause(ctx)
	stop := clock.AfterFunc(d, func() {
		clock.Busy(1) // until the request has noticed
		cancel(timeout(d))
	})
	return limited, func() {
		if !stop() {
			clock.Busy(-1)
		}
		cancel(nil)
	}
}
