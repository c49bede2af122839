package fakecas

import (
	"iter"
	"time"
)

// Type is a type of record.
type Type string

// The two types of record that agents forward.
const (
	Activity Type = "activity"
	Alert    Type = "alert"
)

// Spread says at which times records are created: evenly in
// [now-Ago-Over, now-Ago], oldest first, to the millisecond. The zero Spread
// creates all at this very instant, ties on purpose. Late is how much earlier
// than its creation (the moment it was indexed) each record happened.
type Spread struct {
	Ago, Over time.Duration
	Late      time.Duration
}

// at returns when the i-th of n records is created.
func (s Spread) at(now time.Time, i, n int) time.Time {
	t := now.Add(-s.Ago)
	if n > 1 {
		t = t.Add(-time.Duration(float64(s.Over) * float64(n-1-i) / float64(n-1)))
	}
	return t
}

// LedgerEntry is one record that the tenant holds: what should arrive.
type LedgerEntry struct {
	ID      string    `json:"id"`
	Type    Type      `json:"type"`
	Created time.Time `json:"created"`
}

// record is one record while a request is answered: what filters can ask for
// and what its JSON is made of.
type record struct {
	kind               Type
	tenant             string
	seq                uint32
	created, timestamp int64
	body               *body // given instead of generated; nil: none
	state              alertState

	mix    uint64 // the randomness that is left for details
	app    *app
	user   *user
	place  *place
	client *client
	event  *event  // of an activity
	object *object // of an activity
	policy *policy // of an alert
}

// alertState is what people have done with an alert since it was raised.
type alertState struct {
	read       bool
	resolution int   // the API's resolutionStatus; 0: open
	resolvedAt int64 // ms; 0: open
	by         string
	comment    string
}

// body is a record that was given whole: imported, or a system alert.
type body struct {
	id    string
	json  []byte              // without the fields that alertState changes
	facts map[string][]string // by filter name
}

// AddActivities creates n activities and returns their ids, oldest first.
func (t *Tenant) AddActivities(n int, spread Spread) []string {
	return t.ids(Activity, t.AddRecords(Activity, n, spread), n)
}

// AddAlerts creates n alerts and returns their ids, oldest first.
func (t *Tenant) AddAlerts(n int, spread Spread) []string {
	return t.ids(Alert, t.AddRecords(Alert, n, spread), n)
}

// AddRecords creates n records of a type as AddActivities and AddAlerts do,
// without making a list of their ids. It returns the sequence number of the
// first; the others follow.
func (t *Tenant) AddRecords(kind Type, n int, spread Spread) (first uint32) {
	defer t.feed.deliver()
	t.mu.Lock()
	defer t.mu.Unlock()
	now := t.clock.Now()
	fresh := make([]row, n)
	for i := range fresh {
		created := spread.at(now, i, n)
		fresh[i] = row{created: created.UnixMilli(), timestamp: created.Add(-spread.Late).UnixMilli()}
	}
	table := t.table(kind)
	first = uint32(table.rows.len()) + 1
	table.add(fresh...)
	if t.feed.listens() {
		for i := range fresh {
			t.noteCreated(table, first-1+uint32(i), now)
		}
	}
	return first
}

func (t *Tenant) noteCreated(table *table, place uint32, now time.Time) {
	rec := table.record(place)
	t.feed.note(Event{Time: now, Kind: KindCreated, Record: string(rec.appendID(nil)), Detail: string(table.kind)})
}

// ids makes the list of ids of n records from a sequence number on.
func (t *Tenant) ids(kind Type, first uint32, n int) []string {
	table := t.snapshot(kind)
	ids := make([]string, n)
	for i := range ids {
		rec := table.record(first - 1 + uint32(i))
		ids[i] = string(rec.appendID(nil))
	}
	return ids
}

// table returns the records of a type; the lock is held by the caller.
func (t *Tenant) table(kind Type) *table {
	if kind == Alert {
		return &t.alerts
	}
	return &t.activities
}

// snapshot returns the records of a type as they are now.
func (t *Tenant) snapshot(kind Type) table {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return *t.table(kind)
}

// find returns the records of a type as they are now, and the row of one.
func (t *Tenant) find(kind Type, id string) (all table, place uint32, found bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	place, found = t.table(kind).find(id)
	return *t.table(kind), place, found
}

// Ledger yields every record of the tenant as it is now, in order of creation.
func (t *Tenant) Ledger() iter.Seq[LedgerEntry] {
	t.mu.RLock()
	tables := [...]table{t.activities, t.alerts}
	t.mu.RUnlock()
	return func(yield func(LedgerEntry) bool) {
		var at [len(tables)]int
		for {
			next := -1
			for i := range tables {
				if at[i] < len(tables[i].byCreated) && (next < 0 || tables[i].createdAt(at[i]) < tables[next].createdAt(at[next])) {
					next = i
				}
			}
			if next < 0 || !yield(tables[next].entry(at[next])) {
				return
			}
			at[next]++
		}
	}
}

// createdAt returns when the i-th in order of creation was created, in ms.
func (t *table) createdAt(i int) int64 { return t.rows.at(t.byCreated[i]).created }

func (t *table) entry(i int) LedgerEntry {
	rec := t.record(t.byCreated[i])
	return LedgerEntry{ID: string(rec.appendID(nil)), Type: t.kind, Created: time.UnixMilli(rec.created).UTC()}
}
