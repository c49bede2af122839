package fakecas

import (
	"cmp"
	"slices"
)

// list returns the page of a list: skip and limit over what the filter lets
// through, sorted by a time or, for alerts, by severity.
func list(t *table, q *query, f *filter) page {
	descending := q.sortDirection != "asc"
	if q.sortField == "severity" {
		return listBySeverity(t, q, f, descending)
	}
	w := f.walk(t, q.sortField == "created", descending)
	p := page{}
	if w.counts() {
		p.total = w.left
		skip := min(q.skip, w.left)
		w.at += skip * w.step
		w.left -= skip
		for len(p.places) < q.limit {
			place, ok := w.next()
			if !ok {
				break
			}
			p.places = append(p.places, place)
		}
	} else {
		for place, ok := w.next(); ok; place, ok = w.next() {
			if !w.match(place) {
				continue
			}
			if p.total >= q.skip && len(p.places) < q.limit {
				p.places = append(p.places, place)
			}
			p.total++
		}
	}
	p.hasNext = q.skip+len(p.places) < p.total
	return p
}

// listBySeverity sorts what is equally severe by date.
func listBySeverity(t *table, q *query, f *filter, descending bool) page {
	type graded struct {
		place    uint32
		severity int
	}
	w := f.walk(t, false, descending)
	var all []graded
	for place, ok := w.next(); ok; place, ok = w.next() {
		if w.match(place) {
			r := t.record(place)
			all = append(all, graded{place, r.severity()})
		}
	}
	slices.SortStableFunc(all, func(a, b graded) int {
		if descending {
			a, b = b, a
		}
		return cmp.Compare(a.severity, b.severity)
	})
	p := page{total: len(all)}
	for _, g := range all[min(q.skip, len(all)):min(q.skip+q.limit, len(all))] {
		p.places = append(p.places, g.place)
	}
	p.hasNext = q.skip+len(p.places) < p.total
	return p
}
