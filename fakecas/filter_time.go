package fakecas

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// unixEpoch is the now of a filter that is only checked.
var unixEpoch = time.Unix(0, 0)

// addTime narrows the span of a time field.
func (f *filter) addTime(field field, op string, raw json.RawMessage, values []string, now time.Time) error {
	s := field.span(f)
	switch op {
	case "range":
		spans, err := ranges(raw)
		if err != nil {
			return err
		}
		f.addRanges(field, s, spans)
		return nil
	case "isset", "isnotset":
		if op == "isnotset" { // every record has its times
			s.and(span{1, 0})
		}
		return nil
	}
	ms, err := numbers(op, values)
	if err != nil {
		return err
	}
	switch op {
	case "eq":
		f.addRanges(field, s, instants(ms))
	case "neq":
		not := instants(ms)
		f.tests = append(f.tests, func(r *record) bool { return !hasAny(not, field.instant(r)) })
	default:
		bound, known := boundOf(op, ms[0], now)
		if !known {
			return unknownOperator(op, "gt gte lt lte eq neq range gte_ndays lte_ndays isset isnotset")
		}
		s.and(bound)
	}
	return nil
}

// boundOf is the span that an operator with one end leaves.
func boundOf(op string, v int64, now time.Time) (bound span, known bool) {
	switch op {
	case "gte":
		return span{v, math.MaxInt64}, true
	case "gt":
		return span{v + 1, math.MaxInt64}, true
	case "lte":
		return span{math.MinInt64, v}, true
	case "lt":
		return span{math.MinInt64, v - 1}, true
	case "gte_ndays": // not longer ago than so many days
		return span{daysAgo(v, now), math.MaxInt64}, true
	case "lte_ndays": // at least so many days ago
		return span{math.MinInt64, daysAgo(v, now)}, true
	}
	return span{}, false
}

// daysAgo is an instant in ms; more than 270,000 years are as good as for ever.
func daysAgo(days int64, now time.Time) int64 {
	const most = 100_000_000
	return now.UnixMilli() - max(min(days, most), -most)*(24*time.Hour).Milliseconds()
}

// addRanges lets through what is in any of the spans.
func (f *filter) addRanges(field field, s *span, spans []span) {
	if len(spans) == 1 {
		s.and(spans[0])
		return
	}
	hull := span{math.MaxInt64, math.MinInt64}
	for _, o := range spans {
		hull.from, hull.to = min(hull.from, o.from), max(hull.to, o.to)
	}
	s.and(hull)
	f.tests = append(f.tests, func(r *record) bool { return hasAny(spans, field.instant(r)) })
}

func hasAny(spans []span, v int64) bool {
	for _, s := range spans {
		if s.has(v) {
			return true
		}
	}
	return false
}

func instants(ms []int64) []span {
	spans := make([]span, len(ms))
	for i, v := range ms {
		spans[i] = span{v, v}
	}
	return spans
}

// numbers reads at least one whole number.
func numbers(op string, values []string) ([]int64, error) {
	if len(values) == 0 {
		return nil, fmt.Errorf("%s: expected a number", op)
	}
	out := make([]int64, len(values))
	for i, v := range values {
		n, err := strconv.ParseInt(v, 10, 64)
		if err != nil {
			f, err2 := strconv.ParseFloat(v, 64) // some clients send 1.5e12
			if err2 != nil || !(math.Abs(f) <= 1<<53) {
				return nil, fmt.Errorf("%s: expected a number, found %.40q", op, v)
			}
			n = int64(f)
		}
		out[i] = max(min(n, 1<<53), -1<<53)
	}
	return out, nil
}

// ranges reads the value of the operator range: {"start":a,"end":b}, a list of
// such, or [a,b]. An end that is absent is open.
func ranges(raw json.RawMessage) ([]span, error) {
	bad := fmt.Errorf(`range: expected {"start":number,"end":number}, a list of such, or [start,end], found %.60q`, raw)
	var pair []*float64
	if json.Unmarshal(raw, &pair) == nil && len(pair) == 2 {
		return []span{spanOf(pair[0], pair[1])}, nil
	}
	type ends struct{ Start, End *float64 }
	var list []ends
	if strings.HasPrefix(strings.TrimSpace(string(raw)), "{") {
		list = make([]ends, 1)
		if json.Unmarshal(raw, &list[0]) != nil {
			return nil, bad
		}
	} else if json.Unmarshal(raw, &list) != nil || len(list) == 0 {
		return nil, bad
	}
	spans := make([]span, len(list))
	for i, e := range list {
		if e.Start == nil && e.End == nil {
			return nil, bad
		}
		spans[i] = spanOf(e.Start, e.End)
	}
	return spans, nil
}

func spanOf(from, to *float64) span {
	s := allTime
	if from != nil {
		s.from = int64(max(min(*from, 1<<53), -1<<53))
	}
	if to != nil {
		s.to = int64(max(min(*to, 1<<53), -1<<53))
	}
	return s
}

func unknownOperator(op, expected string) error {
	return fmt.Errorf("unknown operator %q; expected one of %s", op, strings.ReplaceAll(expected, " ", ", "))
}
