package cas

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// throttleWindow is the time in which the service counts requests, as
	// documented.
	throttleWindow = time.Minute
	// throttleMargin is what the time between our requests and the time
	// between their arrivals may differ by, over one window.
	throttleMargin = 500 * time.Millisecond
)

// Throttle keeps the requests of one tenant under the service's rate, and
// keeps all of them back when the service asked to come back later. Requests
// are spread evenly, since a burst after a pause would make more of them fall
// into one of the service's windows than it allows. A nil Throttle lets all
// requests pass.
type Throttle struct {
	clock Clock
	rate  *rate.Limiter // nil: any number

	mu     sync.Mutex
	paused time.Time // no request before
}

// NewThrottle allows requestsPerMinute; 0 means any number. A nil clock is the
// system's.
func NewThrottle(requestsPerMinute int, clock Clock) *Throttle {
	t := &Throttle{clock: orSystem(clock)}
	if requestsPerMinute > 0 {
		every := (throttleWindow + throttleMargin) / time.Duration(requestsPerMinute)
		t.rate = rate.NewLimiter(rate.Every(every), 1)
	}
	return t
}

// Wait returns when the next request may be sent, or with the cause of ctx.
// While it waits it is not Busy.
func (t *Throttle) Wait(ctx context.Context) error {
	if t == nil {
		return context.Cause(ctx)
	}
	for {
		for wait := t.pause(); wait > 0; wait = t.pause() {
			if err := sleep(ctx, t.clock, wait); err != nil {
				return err
			}
		}
		if err := t.turn(ctx); err != nil {
			return err
		}
		if t.pause() <= 0 { // it may have begun while this one waited for its turn
			return nil
		}
	}
}

// turn waits for this request's turn.
func (t *Throttle) turn(ctx context.Context) error {
	if t.rate == nil {
		return context.Cause(ctx)
	}
	now := t.clock.Now()
	turn := t.rate.ReserveN(now, 1)
	if err := sleep(ctx, t.clock, turn.DelayFrom(now)); err != nil {
		turn.CancelAt(t.clock.Now())
		return err
	}
	return nil
}

// Pause keeps every request back for d.
func (t *Throttle) Pause(d time.Duration) {
	if t == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if until := t.clock.Now().Add(d); until.After(t.paused) {
		t.paused = until
	}
}

func (t *Throttle) pause() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.paused.Sub(t.clock.Now())
}
