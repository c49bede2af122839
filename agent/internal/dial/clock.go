package dial

import (
	"context"
	"fmt"
	"time"
)

// Clock is where limits come from.
type Clock interface {
	Now() time.Time
	AfterFunc(d time.Duration, f func()) (stop func() bool)
	Busy(n int)
}

// LimitError is why a context of WithLimit ended: it took too long.
type LimitError struct {
	What  string
	Limit time.Duration
}

func (e *LimitError) Error() string { return fmt.Sprintf("%s took longer than %s", e.What, e.Limit) }

// Timeout is true, as it is for the timeouts of package net.
func (e *LimitError) Timeout() bool { return true }

// WithLimit returns a context that ends after d of clock with a *LimitError as
// its cause. It has no Deadline, since connections would hold that against the
// system's clock. Call stop when it is no longer needed.
func WithLimit(ctx context.Context, clock Clock, d time.Duration, what string) (limited context.Context, stop func()) {
	limited, cancel := context.WithCancelCause(ctx)
	stopTimer := clock.AfterFunc(d, func() { cancel(&LimitError{what, d}) })
	return limited, func() {
		stopTimer()
		cancel(context.Canceled)
	}
}

// Cause returns what ended ctx, if it has ended, and err otherwise: a call
// that was cut short says only that it was.
func Cause(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
