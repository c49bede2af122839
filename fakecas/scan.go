package fakecas

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"time"
)

// page is what a list or a scan found, before it is written.
type page struct {
	places  []uint32 // rows of the table, in the order to be listed
	total   int      // of a scan that goes on: at most so many, its attribute filters aside
	hasNext bool
	next    json.RawMessage // nextQueryFilters; nil: none
}

// scan lists the next page of a scan: records in order of one of their times,
// the newest first unless q says otherwise, each once. It never ends inside an instant, except when one instant has more
// records than a page; then nextQueryFilters carries the position in it. What
// is younger than q.withhold is left out.
func scan(t *table, q *query, f *filter, now time.Time) page {
	byCreated := q.sortField == "created"
	w := f.walk(t, byCreated, q.sortDirection != "asc")
	total, ripe := w.left, int64(math.MaxInt64)
	if q.withhold > 0 {
		ripe = now.Add(-q.withhold).UnixMilli()
	}
	found := make([]uint32, 0, min(q.limit+1, len(w.rows)))
	for len(found) <= q.limit {
		place, ok := w.next()
		if !ok {
			break
		}
		if t.rows.at(place).created <= ripe && w.match(place) {
			found = append(found, place)
		}
	}
	if len(found) <= q.limit {
		return page{places: found, total: len(found)}
	}
	key := func(i int) int64 { return w.key(t.rows.at(found[i])) }
	end, border := q.limit, key(q.limit)
	for end > 0 && key(end-1) == border {
		end--
	}
	var after *position
	if end == 0 {
		end = q.limit
		after = &position{ms: border, row: found[end-1]}
	}
	return page{places: found[:end], total: total, hasNext: true, next: f.resume(q, border, after)}
}

// resume returns the filters of the next page: those of this one, which goes
// on at the instant border and, where given, after a position in it.
func (f *filter) resume(q *query, border int64, after *position) json.RawMessage {
	next := maps.Clone(f.source)
	if next == nil {
		next = map[string]json.RawMessage{}
	}
	name, s := "date", f.date
	if q.sortField == "created" {
		name, s = "created", f.created
	}
	if q.sortDirection != "asc" {
		s.to = border
	} else {
		s.from = border
	}
	delete(next, scanPosition)
	next[name] = timeFilter(f.source[name], s)
	if after != nil {
		next[scanPosition] = json.RawMessage(fmt.Sprintf(`{"after":"%d:%d"}`, after.ms, after.row))
	}
	raw, _ := json.Marshal(next)
	return raw
}

// timeFilter writes a span as operators, beside those of the source that a
// span can't express.
func timeFilter(source json.RawMessage, s span) json.RawMessage {
	operators := map[string]json.RawMessage{}
	_ = json.Unmarshal(source, &operators)
	for op := range operators {
		if op != "neq" && op != "range" && op != "eq" {
			delete(operators, op)
		}
	}
	if s.from > math.MinInt64 {
		operators["gte"] = json.RawMessage(fmt.Sprint(s.from))
	}
	if s.to < math.MaxInt64 {
		operators["lte"] = json.RawMessage(fmt.Sprint(s.to))
	}
	raw, _ := json.Marshal(operators)
	return raw
}
