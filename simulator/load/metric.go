package load

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// metric is a number that a Result has and that a Threshold or a comparison may
// ask for.
type metric struct {
	name  string
	unit  string                                    // "s": a duration
	whole func(Result) (value float64, known bool)  // of the whole run
	part  func(Arrivals) (value float64, know bool) // of a window; nil: it has none
}

// lost is the name of the measure that is bounded also where nobody asks for it.
const lost = "lost"

var percentiles = []float64{50, 90, 99, 99.9, 99.99}

// metrics returns all of them, in the order in which they are printed.
func metrics() []metric {
	all := []metric{
		{"rate", "records/s", func(r Result) (float64, bool) { return r.Achieved, true },
			func(a Arrivals) (float64, bool) { return float64(a.First) / a.Seconds, a.Seconds > 0 }},
		{"offered", "records/s", func(r Result) (float64, bool) { return r.Offered, true }, nil},
	}
	age := func(name string, of func(Ages) time.Duration) {
		part := func(a Arrivals) (float64, bool) { return of(a.Ages).Seconds(), a.Ages.Count() > 0 }
		all = append(all, metric{"age." + name, "s", func(r Result) (float64, bool) { return part(r.Whole) }, part})
	}
	for _, p := range percentiles {
		age("p"+strconv.FormatFloat(p, 'f', -1, 64), func(a Ages) time.Duration { return a.At(p) })
	}
	age("max", func(a Ages) time.Duration { return a.At(100) })
	age("mean", Ages.Mean)
	count := func(name string, of func(Arrivals) int) {
		part := func(a Arrivals) (float64, bool) { return float64(of(a)), true }
		all = append(all, metric{name, "", func(r Result) (float64, bool) { return part(r.Whole) }, part})
	}
	all = append(all, metric{lost, "", func(r Result) (float64, bool) { return float64(r.Lost()), r.Ledger.Created > 0 }, nil})
	count("duplicated", func(a Arrivals) int { return a.Duplicated })
	count("out-of-order", func(a Arrivals) int { return a.OutOfOrder })
	return append(all,
		metric{"backlog.max", "", func(r Result) (float64, bool) { return r.mostBacklog() }, nil},
		metric{"duplicated.fault", "", func(r Result) (float64, bool) { return r.mostDuplicated() }, nil},
		metric{"recovery.max", "s", func(r Result) (float64, bool) { return r.slowestRecovery() }, nil},
		metric{"cpu", "s/million", func(r Result) (float64, bool) {
			if r.Cost == nil {
				return 0, false
			}
			return r.Cost.CPU, true
		}, nil},
		metric{"rss", "bytes", func(r Result) (float64, bool) {
			if r.Cost == nil || r.Cost.Peak == 0 {
				return 0, false
			}
			return float64(r.Cost.Peak), true
		}, nil},
		metric{"rss.growth", "times", func(r Result) (float64, bool) { return r.growth() }, nil})
}

// mostDuplicated is what came again after the fault after which most did.
func (r Result) mostDuplicated() (float64, bool) {
	most := 0
	for _, f := range r.Faults {
		most = max(most, f.Duplicated)
	}
	return float64(most), len(r.Faults) > 0
}

// growth is how much memory the agents had in the last quarter of the load, of
// what they had in the second: the first one is theirs to start.
func (r Result) growth() (float64, bool) {
	var sum, n [4]float64
	for _, s := range r.Samples {
		quarter := int(4 * s.At / r.Load)
		if quarter < 4 && s.Memory > 0 {
			sum[quarter] += float64(s.Memory)
			n[quarter]++
		}
	}
	if n[1] == 0 || n[3] == 0 {
		return 0, false
	}
	return sum[3] / n[3] / (sum[1] / n[1]), true
}

// in is the metric of a window.
func (m metric) in(window string) func(Result) (float64, bool) {
	return func(r Result) (float64, bool) {
		if part, open := r.Windows[window]; open {
			return m.part(part)
		}
		return 0, false
	}
}

func (r Result) mostBacklog() (float64, bool) {
	most := 0
	for _, s := range r.Samples {
		most = max(most, s.Backlog())
	}
	return float64(most), len(r.Samples) > 0
}

// slowestRecovery is not known if a fault was never recovered from.
func (r Result) slowestRecovery() (float64, bool) {
	slowest, known := 0.0, len(r.Faults) > 0
	for _, f := range r.Faults {
		slowest, known = max(slowest, f.Recovery), known && f.Recovered
	}
	return slowest, known
}

func metricNamed(name string) (metric, error) {
	all := metrics()
	if i := slices.IndexFunc(all, func(m metric) bool { return m.name == name }); i >= 0 {
		return all[i], nil
	}
	var names []string
	for _, m := range all {
		names = append(names, m.name)
	}
	return metric{}, fmt.Errorf("unknown measure %q: expected one of %s", name, strings.Join(names, ", "))
}

// format writes a value of the metric for people.
func (m metric) format(value float64) string {
	switch {
	case m.unit == "s":
		return time.Duration(value * float64(time.Second)).Round(time.Millisecond).String()
	case m.unit == "bytes":
		return fmt.Sprintf("%.0f MiB", value/(1<<20))
	case m.unit == "times":
		return fmt.Sprintf("%.2f times", value)
	case m.unit == "s/million":
		return fmt.Sprintf("%.1f s/million", value)
	case m.unit != "":
		return fmt.Sprintf("%.0f %s", value, m.unit)
	}
	return strconv.FormatFloat(math.Round(value*1000)/1000, 'f', -1, 64)
}
