package fakecas

import (
	"cmp"
	"slices"
	"sort"
)

// order is the rows of a table in ascending order of one of their times; rows
// of one instant stand in order of their creation. A slice once read stays as
// it was: rows that come last are appended, others make a new slice.
type order []uint32

// insert puts in the rows from start on.
func (o order) insert(rows *rows, key func(row) int64, start int) order {
	fresh := make([]uint32, rows.len()-start)
	for i := range fresh {
		fresh[i] = uint32(start + i)
	}
	byKey := func(a, b uint32) int {
		return cmp.Or(cmp.Compare(key(rows.at(a)), key(rows.at(b))), cmp.Compare(a, b))
	}
	slices.SortFunc(fresh, byKey)
	if len(o) == 0 || len(fresh) == 0 || byKey(o[len(o)-1], fresh[0]) < 0 {
		return append(o, fresh...)
	}
	merged := make(order, 0, len(o)+len(fresh))
	for len(o) > 0 && len(fresh) > 0 {
		from := (*[]uint32)(&o)
		if byKey(fresh[0], o[0]) < 0 {
			from = &fresh
		}
		merged = append(merged, (*from)[0])
		*from = (*from)[1:]
	}
	return append(append(merged, o...), fresh...)
}

// search returns the place of the first row whose key is at least ms.
func (o order) search(rows *rows, key func(row) int64, ms int64) int {
	return sort.Search(len(o), func(i int) bool { return key(rows.at(o[i])) >= ms })
}

func keyCreated(r row) int64 { return r.created }

func keyDate(r row) int64 { return r.timestamp }
