package fakecas

import (
	"sync"
	"time"
)

// flow creates records at a steady rate.
type flow struct {
	tenant *Tenant
	kind   Type
	every  time.Duration
	share  float64 // records each time

	mu   sync.Mutex
	owed float64
	stop func() bool // of the timer; nil: it has ended
}

// Flow creates so many records of a type a second from now on, evenly spread,
// until the returned function is called or the server is closed.
func (t *Tenant) Flow(kind Type, perSecond float64) (stop func()) {
	f := &flow{tenant: t, kind: kind, every: time.Second, share: perSecond}
	if perSecond < 1 {
		f.every, f.share = time.Duration(float64(time.Second)/perSecond), 1
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed && perSecond > 0 {
		t.flows = append(t.flows, f)
		f.mu.Lock()
		f.stop = t.clock.AfterFunc(f.every, f.tick)
		f.mu.Unlock()
	}
	return f.end
}

// tick creates what a period brought.
func (f *flow) tick() {
	f.mu.Lock()
	f.owed += f.share
	n := int(f.owed)
	f.owed -= float64(n)
	f.mu.Unlock()
	over := f.every - f.every/time.Duration(max(n, 1))
	f.tenant.AddRecords(f.kind, n, Spread{Over: over})
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stop != nil {
		f.stop = f.tenant.clock.AfterFunc(f.every, f.tick)
	}
}

func (f *flow) end() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.stop != nil {
		f.stop()
		f.stop = nil
	}
}
