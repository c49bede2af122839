package fakesyslog

import (
	"slices"
	"sync"
	"time"
)

// ledger books where each message went. Its own mutex guards it, so that
// booking and the engine don't wait for each other.
type ledger struct {
	mu      sync.Mutex
	entries []Entry
	counts  map[Place]int
	kept    [][]byte // ring of raw lines
	next    int      // where the next one goes
}

const defaultKeep = 100

func (l *ledger) open(keep int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts = map[Place]int{}
	if keep == 0 {
		keep = defaultKeep
	}
	l.kept = make([][]byte, 0, max(keep, 0))
}

func (l *ledger) book(id []byte, place Place, connection string, offset int64, now time.Time, raw []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, Entry{string(id), place, connection, offset, now})
	l.counts[place]++
	l.keep(raw)
}

func (l *ledger) keep(raw []byte) {
	switch {
	case cap(l.kept) == 0:
		return
	case len(l.kept) < cap(l.kept):
		l.kept = append(l.kept, nil)
	}
	l.kept[l.next] = append(l.kept[l.next][:0], raw...)
	l.next = (l.next + 1) % cap(l.kept)
}

func (l *ledger) arrivals() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.entries)
}

func (l *ledger) lines() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	lines := make([]string, 0, len(l.kept))
	from := 0
	if len(l.kept) == cap(l.kept) {
		from = l.next
	}
	for i := range l.kept {
		lines = append(lines, string(l.kept[(from+i)%len(l.kept)]))
	}
	return lines
}

func (l *ledger) count(p Place) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.counts[p]
}
