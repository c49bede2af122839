package peer

import (
	"context"
	"maps"
	"sync"
	"time"

	"siemdrill/fakecas"
)

// Feed writes a tenant's records to a forwarder's TCP input as CEF lines, each
// ended by a line feed, in the order in which the records came to be within
// their type. It needs Tenant and Address; Run does the work.
//
// It loses nothing that it can know of. Lines are sent in batches, a connection
// each, and a batch counts as taken once the forwarder has answered the end of
// it with its own: it has then read every line. A batch that broke, since the
// forwarder ended or was killed, is sent again whole, so that lines come twice;
// Progress counts them. What it can't know is what a forwarder that has read a
// line does with it: one that dies with lines in its memory loses them, and that
// is the forwarder's.
//
// A forwarder that reads slowly, or not at all, is waited for without a limit:
// Progress says how far the Feed is and how long it waited.
type Feed struct {
	Tenant  *fakecas.Tenant
	Name    string         // of the tenant, in the lines' links; empty: contoso
	Address string         // HOST:PORT of the forwarder's input, on this machine
	Types   []fakecas.Type // nil: activities and alerts
	Since   time.Time      // records created earlier are left out
	Batch   int            // lines in a batch at most; 0: 10,000
	Every   time.Duration  // how long a batch lasts at most; 0: 1 s

	once sync.Once
	wake chan struct{}

	mu      sync.Mutex
	written places // the furthest that lines were written
	taken   places // what the forwarder has surely read
	again   int
	broken  int
	why     string
	blocked time.Duration
}

// places is a place in each type: how many of its records come before it.
type places map[fakecas.Type]int

func (p places) sum() (n int) {
	for _, place := range p {
		n += place
	}
	return n
}

// Progress is how far a Feed is. Records that Since leaves out count as if they
// had been sent.
type Progress struct {
	Waiting int // records whose line is not written yet
	Written int // records whose line was written, each counted once
	Taken   int // of those, what the forwarder has surely read
	Again   int // lines that were written again, after a batch broke

	// Blocked is how long the Feed has waited for the forwarder: for its
	// connection, for room to write, for the end of a batch. A Feed that falls
	// behind without is itself what is slow.
	Blocked time.Duration
	Broken  int    // batches that broke, refused connections among them
	Why     string // the last of them; empty: none
}

const (
	defaultBatch = 10_000
	defaultEvery = time.Second
	retryAfter   = 50 * time.Millisecond
)

func (f *Feed) start() {
	f.once.Do(func() {
		f.wake = make(chan struct{}, 1)
		f.written, f.taken = places{}, places{}
		if f.Name == "" {
			f.Name = "contoso"
		}
		if f.Types == nil {
			f.Types = []fakecas.Type{fakecas.Activity, fakecas.Alert}
		}
		if f.Batch <= 0 {
			f.Batch = defaultBatch
		}
		if f.Every <= 0 {
			f.Every = defaultEvery
		}
	})
}

// Wake says that the tenant may have more records; call it after each time that
// some were made. It never waits.
func (f *Feed) Wake() {
	f.start()
	select {
	case f.wake <- struct{}{}:
	default: // it is told already
	}
}

// Progress is how far the Feed is now.
func (f *Feed) Progress() Progress {
	f.start()
	held := 0
	for _, kind := range f.Types {
		held += f.Tenant.Count(kind)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	written := f.written.sum()
	return Progress{
		Waiting: max(0, held-written), Written: written, Taken: f.taken.sum(), Again: f.again,
		Blocked: f.blocked, Broken: f.broken, Why: f.why,
	}
}

// Run feeds the forwarder until ctx ends. Whatever it had not taken by then,
// another Run sends.
func (f *Feed) Run(ctx context.Context) {
	f.start()
	for f.await(ctx) {
		if err := f.send(ctx); err != nil && ctx.Err() == nil {
			f.broke(err)
			f.pause(ctx)
		}
	}
}

// await returns true once there is something to send, and false when ctx ends.
func (f *Feed) await(ctx context.Context) bool {
	for ctx.Err() == nil {
		taken := f.place()
		for _, kind := range f.Types {
			if f.Tenant.Count(kind) > taken[kind] {
				return true
			}
		}
		select {
		case <-ctx.Done():
		case <-f.wake:
		}
	}
	return false
}

// place is where the next batch begins.
func (f *Feed) place() places {
	f.mu.Lock()
	defer f.mu.Unlock()
	return maps.Clone(f.taken)
}

// took notes that the forwarder has read everything before a place.
func (f *Feed) took(next places) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.taken = next
}

// wrote notes that lines were written, up to a place in a type.
func (f *Feed) wrote(kind fakecas.Type, from, to, lines int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if before := f.written[kind]; from < before {
		f.again += min(lines, min(to, before)-from)
	}
	f.written[kind] = max(f.written[kind], to)
}

func (f *Feed) broke(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.broken++
	f.why = err.Error()
}

// waited notes that the time since began was spent waiting for the forwarder.
func (f *Feed) waited(began time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.blocked += time.Since(began)
}

func (f *Feed) pause(ctx context.Context) {
	defer f.waited(time.Now())
	select {
	case <-ctx.Done():
	case <-time.After(retryAfter):
	}
}
