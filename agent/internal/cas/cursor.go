package cas

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// Cursor is the place up to which a list has been read, as a value: nothing
// changes a Cursor, reading gives another one. The zero value means never
// read. It is stored as JSON.
//
// A place is not one instant. Records of one instant may be cut by the end of
// a page, and a record may be listed late, behind others that were read before
// it. So a Cursor remembers which ids it has seen from Floor on, and each scan
// starts again at Floor and leaves those out. While a backlog is read Floor is
// the position itself; near the present it stays a look-back behind it.
type Cursor struct {
	// Position is the highest Created that was read, in milliseconds.
	Position int64 `json:"position"`
	// Floor is where the next scan starts. Below it nothing is looked for.
	Floor int64 `json:"floor"`
	// Seen has what was read at Floor and later, ascending.
	Seen []Mark `json:"seen,omitempty"`
	// Read is about when the list was last read, in milliseconds, coarse so that
	// an idle agent has no new checkpoint to write.
	Read int64 `json:"read,omitempty"`

	// scan is where a scan goes on. It is not stored: the service doesn't say
	// how long it honours it, and Floor and Seen do the same, only slower.
	scan *scan
	// rest is not stored either: after a restart it begins anew.
	rest rest
}

// rest is since when nothing came after a position: the instant, on our own
// clock, at which everything up to it was first seen to be past being late.
type rest struct {
	position int64
	since    time.Time
}

// Mark is one record that was read.
type Mark struct {
	Created int64  `json:"created"`
	ID      string `json:"id"`
}

// readGrain is how coarse Cursor.Read is.
const readGrain = 10 * time.Minute

// StartAt returns the cursor of someone who wants everything from t on.
func StartAt(t time.Time) Cursor {
	return Cursor{Position: t.UnixMilli(), Floor: t.UnixMilli()}
}

// IsZero reports whether nothing was ever read.
func (c Cursor) IsZero() bool { return c.Position == 0 && c.Floor == 0 }

// AfterAbsence is for one who comes back after it was away. When the list was
// last read longer than backlog before now, reading starts again at now minus
// backlog, as the vendor documents it; hole is then the time that nobody
// reads, from the old place on. Otherwise c is returned as it is, and hole is 0.
func (c Cursor) AfterAbsence(now time.Time, backlog time.Duration) (again Cursor, hole time.Duration) {
	oldest := now.Add(-backlog).UnixMilli()
	if c.IsZero() || c.Position >= oldest || c.Read+readGrain.Milliseconds() >= oldest {
		return c, 0
	}
	return StartAt(now.Add(-backlog)), time.Duration(oldest-c.Position) * time.Millisecond
}

// has reports whether m was read before.
func (c Cursor) has(m Mark) bool {
	_, found := slices.BinarySearchFunc(c.Seen, m, compareMarks)
	return found
}

// read returns the cursor after records, which are ascending and new to c and
// were asked for at the given time. The floor follows the position as far as
// everything is whole: listed, and past being late. It comes closer when more
// than limit marks would have to be kept, which it reports, but never cuts
// through one instant.
func (c Cursor) read(records []Record, at time.Time, whole int64, limit int) (after Cursor, closer bool) {
	c.Read = at.Truncate(readGrain).UnixMilli()
	if len(records) > 0 {
		c.Position = max(c.Position, records[len(records)-1].Created)
	}
	c.Floor = max(c.Floor, min(c.Position, whole))
	seen := merge(c.Seen, records)
	if excess := len(seen) - limit; excess > 0 && seen[excess].Created > c.Floor {
		c.Floor, closer = seen[excess].Created, true
	}
	c.Seen = seen
	c.Seen = c.seenFrom(c.Floor)
	return c, closer
}

// seenFrom returns the marks at floor and later.
func (c Cursor) seenFrom(floor int64) []Mark {
	first, _ := slices.BinarySearchFunc(c.Seen, Mark{Created: floor}, compareMarks)
	return c.Seen[first:]
}

// atRest is for a list that was read to its end at now with everything in it
// past being late. Once that has stayed so for the look-back, the floor passes
// the position, and an idle list is not read again for ever. The wait is what
// makes this safe: that the records looked old enough rests on how two clocks
// agree, and that time has passed rests on ours alone.
func (c Cursor) atRest(now time.Time, lookBack time.Duration) Cursor {
	if c.rest.position != c.Position {
		c.rest = rest{c.Position, now}
	}
	if now.Sub(c.rest.since) >= lookBack {
		c.Floor, c.Seen = max(c.Floor, c.Position+1), nil
	}
	return c
}

// merge returns the marks of both, ascending.
func merge(seen []Mark, records []Record) []Mark {
	all := make([]Mark, 0, len(seen)+len(records))
	for i := range records {
		m := markOf(&records[i])
		for len(seen) > 0 && compareMarks(seen[0], m) < 0 {
			all, seen = append(all, seen[0]), seen[1:]
		}
		all = append(all, m)
	}
	return append(all, seen...)
}

func markOf(r *Record) Mark { return Mark{r.Created, r.ID} }

func compareMarks(a, b Mark) int {
	return cmp.Or(cmp.Compare(a.Created, b.Created), strings.Compare(a.ID, b.ID))
}

func compareRecords(a, b Record) int {
	return cmp.Or(cmp.Compare(a.Created, b.Created), strings.Compare(a.ID, b.ID))
}

// with returns c with the place at which its scan goes on, nil at the end.
func (c Cursor) with(s *scan) Cursor {
	c.scan = s
	return c
}
