package fakecas

import (
	"maps"
	"strconv"
)

// row is what is stored of one record: 24 bytes. The rest is generated from
// the seed and the row's place, unless its body was given.
type row struct {
	created   int64 // ms since the epoch: when it was indexed
	timestamp int64 // ms since the epoch: when it happened
	body      int32 // 1 + its place among the bodies; 0: generated
}

// table holds the records of one type. Its value is a snapshot: what is in it
// stays as it is while the tenant's own goes on.
type table struct {
	kind      Type
	generator generator
	rows      rows // in order of their sequence numbers, which start at 1
	byCreated order
	byDate    order // nil while it is the same as byCreated
	bodies    []*body
	kept      map[string]uint32     // rows of the bodies by id; only for who holds the tenant's lock
	states    map[uint32]alertState // of alerts that were touched; never changed in place
}

// add appends rows and keeps the orders.
func (t *table) add(fresh ...row) {
	start := t.rows.len()
	t.rows.add(fresh...)
	if t.byDate == nil && !sameOrders(fresh) {
		t.byDate = append(order{}, t.byCreated...)
	}
	t.byCreated = t.byCreated.insert(&t.rows, keyCreated, start)
	if t.byDate != nil {
		t.byDate = t.byDate.insert(&t.rows, keyDate, start)
	}
}

// sameOrders reports whether the rows happened when they were created.
func sameOrders(fresh []row) bool {
	for _, r := range fresh {
		if r.created != r.timestamp {
			return false
		}
	}
	return true
}

// keep adds a record whose body is given, and returns its sequence number.
func (t *table) keep(b *body, created, timestamp int64) uint32 {
	if t.kept == nil {
		t.kept = map[string]uint32{}
	}
	t.kept[b.id] = uint32(t.rows.len())
	t.bodies = append(t.bodies, b)
	t.add(row{created, timestamp, int32(len(t.bodies))})
	return uint32(t.rows.len())
}

// sorted returns the rows in order of a field, and that field's key.
func (t *table) sorted(byCreated bool) (order, func(row) int64) {
	switch {
	case byCreated:
		return t.byCreated, keyCreated
	case t.byDate == nil:
		return t.byCreated, keyDate
	default:
		return t.byDate, keyDate
	}
}

// record returns the record of a row.
func (t *table) record(place uint32) record {
	r := t.rows.at(place)
	if r.body > 0 {
		return record{kind: t.kind, seq: place + 1, created: r.created, timestamp: r.timestamp, body: t.bodies[r.body-1], state: t.states[place]}
	}
	rec := t.generator.record(t.kind, place+1)
	rec.created, rec.timestamp = r.created, r.timestamp
	rec.state = t.states[place]
	return rec
}

// find returns the row of the record with that id. A generated id ends in its
// sequence number; others are known by name. The tenant's lock is held.
func (t *table) find(id string) (place uint32, found bool) {
	if place, found = t.kept[id]; found {
		return place, true
	}
	digits := 12
	if t.kind == Alert {
		digits = 8
	}
	if len(id) <= digits {
		return 0, false
	}
	seq, err := strconv.ParseUint(id[len(id)-digits:], 16, 32)
	if err != nil || seq < 1 || seq > uint64(t.rows.len()) {
		return 0, false
	}
	r := t.record(uint32(seq - 1))
	return uint32(seq - 1), string(r.appendID(nil)) == id
}

// setState gives alerts a new state, without touching earlier snapshots.
func (t *table) setState(places []uint32, change func(*alertState)) {
	states := maps.Clone(t.states)
	if states == nil {
		states = map[uint32]alertState{}
	}
	for _, p := range places {
		s := states[p]
		change(&s)
		states[p] = s
	}
	t.states = states
}
