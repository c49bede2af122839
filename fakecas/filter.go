package fakecas

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// filter is a filter object, compiled once a query.
type filter struct {
	created, date span
	tests         []test                     // all must hold
	after         *position                  // where a scan goes on inside one instant
	source        map[string]json.RawMessage // as it came
}

// span is a range of times in ms, both ends in it.
type span struct{ from, to int64 }

var allTime = span{math.MinInt64, math.MaxInt64}

func (s span) has(ms int64) bool { return s.from <= ms && ms <= s.to }

// and narrows s to what is in o as well.
func (s *span) and(o span) {
	s.from, s.to = max(s.from, o.from), min(s.to, o.to)
}

// position is a place inside an instant: the last record that was listed.
type position struct {
	ms  int64
	row uint32
}

// test says whether a record is asked for.
type test func(*record) bool

// scanPosition is the filter by which nextQueryFilters goes on inside an
// instant that has more records than a page. It is this service's own.
const scanPosition = "scan.position"

// compile reads a filter object; nil means everything. The error names the
// filter or operator that is wrong and says what was expected.
func compile(kind Type, raw json.RawMessage, now time.Time) (*filter, error) {
	f := &filter{created: allTime, date: allTime}
	if len(raw) == 0 {
		return f, nil
	}
	if err := json.Unmarshal(raw, &f.source); err != nil {
		return nil, fmt.Errorf("filters: expected an object: %v", err)
	}
	known := filterFields(kind)
	for _, name := range slices.Sorted(maps.Keys(f.source)) {
		field, ok := known[name]
		if !ok && name != scanPosition {
			return nil, fmt.Errorf("filters: unknown filter %q; expected one of %s", name, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
		var operators map[string]json.RawMessage
		if err := json.Unmarshal(f.source[name], &operators); err != nil || operators == nil {
			return nil, fmt.Errorf("filters: %s: expected an object of operators, found %.40q", name, f.source[name])
		}
		for _, op := range slices.Sorted(maps.Keys(operators)) {
			if err := f.addCondition(name, field, op, operators[op], now); err != nil {
				return nil, fmt.Errorf("filters: %s: %w", name, err)
			}
		}
	}
	return f, nil
}

func (f *filter) addCondition(name string, field field, op string, raw json.RawMessage, now time.Time) error {
	if name == scanPosition {
		return f.addPosition(op, raw)
	}
	var values []string
	if op != "range" {
		var err error
		if values, err = scalars(raw); err != nil {
			return fmt.Errorf("%s: %w", op, err)
		}
	}
	if field.span != nil {
		return f.addTime(field, op, raw, values, now)
	}
	t, err := field.test(op, raw, values)
	if err != nil {
		return err
	}
	f.tests = append(f.tests, t)
	return nil
}

func (f *filter) addPosition(op string, raw json.RawMessage) error {
	var text string
	_ = json.Unmarshal(raw, &text)
	ms, row, found := strings.Cut(text, ":")
	p := position{}
	var err1, err2 error
	p.ms, err1 = strconv.ParseInt(ms, 10, 64)
	n, err2 := strconv.ParseUint(row, 10, 32)
	p.row = uint32(n)
	if op != "after" || !found || err1 != nil || err2 != nil {
		return fmt.Errorf("expected it as nextQueryFilters gave it")
	}
	f.after = &p
	return nil
}

// scalars reads an operator's value, a scalar or a list of them, as texts. An
// entity, {"id":…,"saas":…,"inst":…}, gives its id; null, and the text "null"
// that the vendor documents, give an empty text.
func scalars(raw json.RawMessage) ([]string, error) {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) != nil || list == nil { // a scalar, or null
		list = []json.RawMessage{raw}
	}
	texts := make([]string, len(list))
	for i, item := range list {
		var s string
		var entity struct{ ID json.RawMessage }
		switch {
		case string(item) == "null" || string(item) == `"null"`:
		case item[0] == '[':
			return nil, fmt.Errorf("expected a value or a list of values")
		case item[0] == '{':
			if json.Unmarshal(item, &entity) != nil || len(entity.ID) == 0 {
				return nil, fmt.Errorf("expected a value, or an entity with an id, found %.40q", item)
			}
			item = entity.ID
			fallthrough
		default:
			if json.Unmarshal(item, &s) != nil {
				s = string(item)
			}
			texts[i] = s
		}
	}
	return texts, nil
}

// match reports whether the filter lets a record through, its times apart.
func (f *filter) match(r *record) bool {
	for _, t := range f.tests {
		if !t(r) {
			return false
		}
	}
	return true
}
