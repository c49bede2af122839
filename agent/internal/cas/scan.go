package cas

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
)

// scan is an unfinished scan: where the next request goes on. It is never
// changed, so that cursors may share it.
type scan struct {
	list    Type
	portal  string          // the portal's filters that it began with
	filters json.RawMessage // nextQueryFilters; nil when the scan goes on by place
	from    int64           // the instant from which records are asked for
	asList  bool            // by place: within that instant, as a list and not as a scan
	skip    int             // as a list: how many records to step over
	last    Mark            // as a list: the record that has to be listed first
	settled int64           // what was read after this instant may be incomplete
}

// unsettled is what settled is until something is read that may be incomplete.
const unsettled = math.MaxInt64

// begin starts a scan where cur begins to look.
func begin(t Type, cur Cursor, portal json.RawMessage) *scan {
	return &scan{list: t, portal: string(portal), from: cur.Floor, settled: unsettled}
}

// settle returns the scan after records up to last were listed at a time when
// everything up to complete had to be listed. Once that was not enough, only a
// new scan can find what comes late: going on leads away from it.
func (s scan) settle(last, complete int64) *scan {
	if s.settled == unsettled && last > complete {
		s.settled = complete
	}
	return &s
}

// goOn says where a scan goes on after an answer, nil at its end, and refuses the answers after which going on could lose records or never end.
//
// Activities go on with nextQueryFilters. Alerts, which have none, and
// activities that come without, go on by place: from the instant of the last
// record, what was read of it being known. Paging by skip alone would miss a
// record whenever one before it is deleted between two requests.
func (s scan) goOn(got answer) (*scan, error) {
	first, last := ends(got.records)
	if s.asList && first != s.last && !(last == s.last && got.hasNext) {
		s.asList, s.skip, s.last = false, 0, Mark{} // the list has changed: the instant from its start
		return &s, nil
	}
	if !got.hasNext {
		return nil, nil
	}
	if len(got.records) == 0 && got.next == nil {
		return nil, errors.New("the service says that it has more, but lists nothing and has no nextQueryFilters")
	}
	if got.next != nil {
		switch {
		case bytes.Equal(got.next, s.filters):
			return nil, errors.New("the service's nextQueryFilters lead to the same page again")
		case first.Created > last.Created && descending(got.records):
			return nil, errors.New("asked for the oldest records first, the service lists the newest first: it ignores the sort order")
		}
		s.filters, s.asList = got.next, false
		return &s, nil
	}
	if !ascending(got.records) {
		return nil, errors.New("the service has more than it lists, and lists it in another order than was asked for")
	}
	return s.byPlace(last, distinct(got.records))
}

// reached returns the instant before which s lists nothing any more, after an
// answer that listed up to latest.
func (s *scan) reached(latest int64) int64 {
	if s.filters != nil {
		return latest
	}
	return s.from
}

// byPlace goes on from the instant of the last record that was listed. When
// nothing later than that instant was listed, the records of it that were are
// stepped over, all but the last: if another one is then listed in its place,
// the list has changed; see goOn.
func (s scan) byPlace(last Mark, listed int) (*scan, error) {
	before := s
	switch {
	case s.asList && last == s.last && listed > 1:
		return nil, fmt.Errorf("the service lists the same page from %s on, however much is to be skipped", instant(s.from))
	case s.filters != nil || last.Created > s.from:
		s.filters, s.from, s.asList, s.skip, s.last = nil, last.Created, false, 0, Mark{}
	default:
		s.asList, s.skip, s.last = true, s.skip+listed-1, last
	}
	if before.asList == s.asList && before.skip == s.skip && before.from == s.from && before.filters == nil {
		return nil, fmt.Errorf("the service has more from %s on, but no way to get at it", instant(s.from))
	}
	return &s, nil
}

// distinct returns how many different records there are.
func distinct(records []Record) int {
	different := make(map[Mark]struct{}, len(records))
	for i := range records {
		different[markOf(&records[i])] = struct{}{}
	}
	return len(different)
}

// ends returns the first and the last of records, as they were listed.
func ends(records []Record) (first, last Mark) {
	if len(records) == 0 {
		return Mark{}, Mark{}
	}
	return markOf(&records[0]), markOf(&records[len(records)-1])
}

// ascending reports whether records were listed oldest first.
func ascending(records []Record) bool {
	return slices.IsSortedFunc(records, func(a, b Record) int { return cmp.Compare(a.Created, b.Created) })
}

// descending reports whether records were listed newest first.
func descending(records []Record) bool {
	return slices.IsSortedFunc(records, func(a, b Record) int { return cmp.Compare(b.Created, a.Created) })
}

// request is the body of a list request.
type request struct {
	Filters       json.RawMessage `json:"filters"`
	IsScan        bool            `json:"isScan,omitempty"`
	SortField     string          `json:"sortField"`
	SortDirection string          `json:"sortDirection"`
	Skip          int             `json:"skip,omitempty"`
	Limit         int             `json:"limit"`
}

// request returns the body that asks for what comes next in s.
func (s *scan) request(portal json.RawMessage, pageSize int) (request, error) {
	q := request{Filters: s.filters, SortField: "created", SortDirection: "asc", Skip: s.skip, Limit: pageSize}
	if s.list == Alert {
		q.SortField = "date"
	} else if s.asList {
		q.Limit = listPage // only a list is documented to take skip
	} else {
		q.IsScan = true
	}
	if q.Filters == nil {
		var err error
		if q.Filters, err = withFloor(portal, q.SortField, s.from); err != nil {
			return request{}, err
		}
	}
	return q, nil
}
