package agent

import (
	"context"
	"sync"
	"time"
)

// loop is one goroutine on which everything of an agent is decided. What has to
// wait (requests, dials, writes, files) runs beside it and comes back to it, so
// nothing of the agent's needs a lock.
type loop struct {
	clock  Clock
	ctx    context.Context // of the work beside the loop
	cancel context.CancelCauseFunc
	work   sync.WaitGroup
	timers map[Timer]*timer

	mu    sync.Mutex
	queue []func()
	wake  chan struct{}
}

// timer is a pending one; one that was replaced is told by its address.
type timer struct{ stop func() bool }

func newLoop(ctx context.Context, clock Clock) *loop {
	l := &loop{clock: clock, timers: map[Timer]*timer{}, wake: make(chan struct{}, 1)}
	l.ctx, l.cancel = context.WithCancelCause(ctx)
	return l
}

// post has f run on the loop. It never waits.
func (l *loop) post(f func()) {
	l.clock.Busy(+1) // until f has run
	l.mu.Lock()
	l.queue = append(l.queue, f)
	l.mu.Unlock()
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// run runs what was posted, in order, until ended says so. What is posted then
// is left to close.
func (l *loop) run(ended func() bool) {
	for range l.wake {
		l.runPosted()
		if ended() {
			return
		}
	}
}

func (l *loop) runPosted() {
	for _, f := range l.take() {
		f()
		l.clock.Busy(-1)
	}
}

func (l *loop) take() []func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken := l.queue
	l.queue = nil
	return taken
}

// beside runs f beside the loop, and what f returns on the loop after it, with
// ctx ended; also if the loop has ended meanwhile, since f may have made what
// somebody has to close. f counts as busy except where it says that it is
// waiting. After close nothing begins.
func (l *loop) beside(f func(ctx context.Context) (then func())) (cancel context.CancelFunc) {
	ctx, cancel := context.WithCancel(l.ctx)
	if ctx.Err() != nil {
		return cancel
	}
	l.clock.Busy(+1)
	l.work.Go(func() {
		then := f(ctx)
		cancel()
		l.post(then)
		l.clock.Busy(-1)
	})
	return cancel
}

// waiting runs f, which waits for the network, without counting as busy.
func (l *loop) waiting(f func()) {
	l.clock.Busy(-1)
	f()
	l.clock.Busy(+1)
}

// set has f run on the loop after d, in place of what the timer was set to.
func (l *loop) set(name Timer, d time.Duration, f func()) {
	l.unset(name)
	t := &timer{}
	l.timers[name] = t
	t.stop = l.clock.AfterFunc(d, func() {
		l.post(func() {
			if l.timers[name] == t { // not replaced or unset meanwhile
				delete(l.timers, name)
				f()
			}
		})
	})
}

func (l *loop) unset(name Timer) {
	if t := l.timers[name]; t != nil {
		t.stop()
		delete(l.timers, name)
	}
}

// close ends the work beside the loop, waits for it, and takes back what it
// brings.
func (l *loop) close(cause error) {
	for name := range l.timers {
		l.unset(name)
	}
	l.cancel(cause)
	l.work.Wait()
	l.runPosted()
}
