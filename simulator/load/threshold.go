package load

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Threshold is a bound that decides whether a run passes.
type Threshold struct {
	Text   string
	metric metric
	is     string // how the value must stand to the bound
	bound  float64
	window string // empty: the whole run
}

var thresholdShape = regexp.MustCompile(`^\s*([a-z][a-z0-9.-]*)\s*(<=|>=|==|<|>)\s*(\S+?)(?:\s+((?:before|during|after) fault))?\s*$`)

// ParseThreshold reads "age.p99<2s", "lost==0" or "rate>90000 during fault". A
// bound on a time is a duration; on memory, bytes.
func ParseThreshold(text string) (Threshold, error) {
	t, err := parseThreshold(text)
	if err != nil {
		return Threshold{}, fmt.Errorf("%q: %w", text, err)
	}
	return t, nil
}

func parseThreshold(text string) (Threshold, error) {
	parts := thresholdShape.FindStringSubmatch(text)
	if parts == nil {
		return Threshold{}, fmt.Errorf("expected MEASURE<VALUE, also <=, ==, >= or >, and perhaps \"during fault\"")
	}
	t := Threshold{Text: text, is: parts[2], window: parts[4]}
	var err error
	if t.metric, err = metricNamed(parts[1]); err != nil {
		return t, err
	}
	if t.window != "" && t.metric.part == nil {
		return t, fmt.Errorf("%s is of the whole run only", t.metric.name)
	}
	if t.metric.unit == "s" {
		d, err := time.ParseDuration(parts[3])
		if err != nil {
			return t, fmt.Errorf("%s: expected a duration such as 2s", parts[3])
		}
		t.bound = d.Seconds()
		return t, nil
	}
	if t.bound, err = strconv.ParseFloat(parts[3], 64); err != nil || t.bound != t.bound {
		return t, fmt.Errorf("%s: expected a number", parts[3])
	}
	return t, nil
}

// Check returns what is wrong, in a sentence, or nothing. What was not measured
// is wrong: a bound on nothing would hold for ever.
func (t Threshold) Check(r Result) string {
	of := t.metric.whole
	if t.window != "" {
		of = t.metric.in(t.window)
	}
	value, known := of(r)
	switch {
	case !known:
		return fmt.Sprintf("threshold %s: it was not measured", t.Text)
	case !t.holds(value):
		return fmt.Sprintf("threshold %s: it was %s", t.Text, t.metric.format(value))
	}
	return ""
}

// Judge adds to the result's failures what the thresholds find wrong. Loss is
// wrong unless one of them bounds it: whoever allows some has to say how much.
func Judge(r *Result, thresholds []Threshold) {
	bounded := false
	for _, t := range thresholds {
		bounded = bounded || t.metric.name == lost
		if why := t.Check(*r); why != "" {
			r.Failures = append(r.Failures, why)
		}
	}
	if n := r.Lost(); n > 0 && !bounded {
		r.Failures = append(r.Failures, fmt.Sprintf("%d of %d records were lost (-threshold 'lost<=%d' would allow that)", n, r.Ledger.Created, n))
	}
}

func (t Threshold) holds(value float64) bool {
	switch t.is {
	case "<":
		return value < t.bound
	case "<=":
		return value <= t.bound
	case "==":
		return value == t.bound
	case ">=":
		return value >= t.bound
	}
	return value > t.bound
}
