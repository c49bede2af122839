package fakesyslog

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"
)

// Ledger books where each message went. Of every event id it knows the places
// for good, at some bits an id; of the last arrivals, and of the last that went
// wrong, it knows the connection and the byte as well. Its memory is bounded by
// its Remember: 100 bytes an entry (some 300 for the longest ids that count), at
// most 32 MiB a place for 268 million ids, and 1,048,576 ids that have no number.
type Ledger struct {
	Remember int // entries kept of each kind; 0 is 262,144. Set before the first booking.
	Keep     int // raw lines kept; 0 is 100, negative none. Set before the first booking.

	mu     sync.Mutex
	tally  tally
	last   roll
	wrong  roll // those that were not parsed
	counts [planeCount]int
	bytes  int64
	kept   [][]byte // ring of raw lines
	next   int      // where the next one goes

	out     io.Writer
	scratch []byte
	waiting []chan struct{} // told of the next booking
}

const (
	defaultKeep     = 100
	defaultRemember = 1 << 18
)

// book books one arrival.
func (l *Ledger) book(id []byte, place Place, connection string, offset int64, now time.Time, raw []byte) {
	p := planeOf[place]
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last.most == 0 {
		l.open()
	}
	l.tally.add(id, p)
	l.counts[p]++
	l.bytes += int64(len(raw))
	l.last.add(id, place, connection, offset, now)
	if p != planeParsed {
		l.wrong.add(id, place, connection, offset, now)
	}
	l.keep(raw)
	if l.out != nil && p != planeUnread {
		l.scratch = append(append(l.scratch[:0], raw...), '\n')
		l.out.Write(l.scratch)
	}
	for _, w := range l.waiting {
		close(w)
	}
	l.waiting = l.waiting[:0]
}

func (l *Ledger) await(ctx context.Context, p Place, n int) error {
	for {
		l.mu.Lock()
		if l.counts[planeOf[p]] >= n {
			l.mu.Unlock()
			return nil
		}
		w := make(chan struct{})
		l.waiting = append(l.waiting, w)
		l.mu.Unlock()
		select {
		case <-w:
		case <-ctx.Done():
			return fmt.Errorf("%d of %d messages are %s: %w", l.Count(p), n, p, context.Cause(ctx))
		}
	}
}

func (l *Ledger) open() {
	l.last.most, l.wrong.most = l.Remember, l.Remember
	if l.Remember <= 0 {
		l.last.most, l.wrong.most = defaultRemember, defaultRemember
	}
	keep := l.Keep
	if keep == 0 {
		keep = defaultKeep
	}
	l.kept = make([][]byte, 0, max(keep, 0))
}

func (l *Ledger) keep(raw []byte) {
	switch {
	case cap(l.kept) == 0:
		return
	case len(l.kept) < cap(l.kept):
		l.kept = append(l.kept, nil)
	}
	l.kept[l.next] = append(l.kept[l.next][:0], raw...)
	l.next = (l.next + 1) % cap(l.kept)
}

// Arrivals returns the last Remember arrivals, in order.
func (l *Ledger) Arrivals() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(l.last.all())
}

// Wrong returns the last Remember arrivals that were not parsed, in order.
func (l *Ledger) Wrong() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(l.wrong.all())
}

// Lines returns the last raw lines, oldest first.
func (l *Ledger) Lines() []string {
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

// Count says how many messages were booked at a place, repeated ones included.
func (l *Ledger) Count(p Place) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.counts[planeOf[p]]
}

// Bytes says how many bytes of messages were booked.
func (l *Ledger) Bytes() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bytes
}

// Reset forgets everything that was booked.
func (l *Ledger) Reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.tally, l.last, l.wrong = tally{}, roll{}, roll{}
	l.counts, l.bytes, l.kept, l.next = [planeCount]int{}, 0, nil, 0
}
