package fakecas

// walk goes through the rows of a table that a filter's span lets through, in
// order of one of their times.
type walk struct {
	table  *table
	filter *filter
	rows   order
	key    func(row) int64
	other  span // of the time that the order is not of
	otherK func(row) int64
	step   int
	at     int
	left   int
	record record // the one that match looked at last
}

// walk starts one at the filter's span, or at its position.
func (f *filter) walk(t *table, byCreated, descending bool) *walk {
	w := &walk{table: t, filter: f, step: 1, other: f.created, otherK: keyCreated}
	w.rows, w.key = t.sorted(byCreated)
	s := f.date
	if byCreated {
		s, w.other, w.otherK = f.created, f.date, keyDate
	}
	from := w.rows.search(&t.rows, w.key, s.from)
	to := len(w.rows)
	if s.to < allTime.to {
		to = w.rows.search(&t.rows, w.key, s.to+1)
	}
	if f.after != nil {
		from, to = w.resume(from, to, descending)
	}
	w.at, w.left = from, max(to-from, 0)
	if descending {
		w.step, w.at = -1, to-1
	}
	return w
}

// resume moves one end to where the filter's position is: rows of one instant
// stand in order of their places.
func (w *walk) resume(from, to int, descending bool) (int, int) {
	p := w.filter.after
	i := w.rows.search(&w.table.rows, w.key, p.ms)
	for i < len(w.rows) && w.key(w.table.rows.at(w.rows[i])) == p.ms && w.rows[i] < p.row {
		i++
	}
	if descending {
		return from, min(to, i)
	}
	if i < len(w.rows) && w.rows[i] == p.row && w.key(w.table.rows.at(p.row)) == p.ms {
		i++
	}
	return max(from, i), to
}

// next returns the next row in the span.
func (w *walk) next() (place uint32, ok bool) {
	if w.left == 0 {
		return 0, false
	}
	place = w.rows[w.at]
	w.at += w.step
	w.left--
	return place, true
}

// match reports whether the filter lets through a row that the span does.
func (w *walk) match(place uint32) bool {
	if w.other != allTime && !w.other.has(w.otherK(w.table.rows.at(place))) {
		return false
	}
	if len(w.filter.tests) == 0 {
		return true
	}
	w.record = w.table.record(place)
	return w.filter.match(&w.record)
}

// counts reports whether every row in the span matches.
func (w *walk) counts() bool { return w.other == allTime && len(w.filter.tests) == 0 }
