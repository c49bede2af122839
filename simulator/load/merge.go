package load

import (
	"errors"
	"fmt"
	"slices"

	"siemdrill/fakesyslog"
)

// Merge joins the results of shards that ran at the same time into that of one
// run: histograms and ledgers lose nothing, rates add up, and samples are added
// where they were taken at the same second.
func Merge(shards []Result) (Result, error) {
	if len(shards) == 0 {
		return Result{}, errors.New("expected the results of at least one shard")
	}
	whole := Result{V: 1, Call: shards[0].Call, Agent: shards[0].Agent, Shards: shards[0].Shards, Seed: shards[0].Seed, Windows: map[string]Arrivals{}, Busy: shards[0].Busy, CPUs: shards[0].CPUs}
	for _, s := range shards {
		for _, i := range s.Joined {
			if s.Shards != whole.Shards || s.Seed != whole.Seed {
				return Result{}, fmt.Errorf("shard %d/%d with seed %d: expected one of %d shards with seed %d", i, s.Shards, s.Seed, whole.Shards, whole.Seed)
			}
			if slices.Contains(whole.Joined, i) {
				return Result{}, fmt.Errorf("shard %d/%d is there twice", i, s.Shards)
			}
			whole.Joined = append(whole.Joined, i)
		}
		whole.add(s)
	}
	slices.Sort(whole.Joined)
	whole.Samples = joinSamples(shards)
	if missing := whole.Shards - len(whole.Joined); missing > 0 {
		whole.Failures = append(whole.Failures, fmt.Sprintf("%d of %d shards are missing", missing, whole.Shards))
	}
	return whole, nil
}

// add adds a shard's numbers.
func (r *Result) add(s Result) {
	r.Agents += s.Agents
	r.Load = max(r.Load, s.Load)
	r.Seconds = max(r.Seconds, s.Seconds)
	r.Offered += s.Offered
	r.Achieved += s.Achieved
	r.Late = max(r.Late, s.Late)
	r.Whole.merge(s.Whole)
	for name, part := range s.Windows {
		joined := r.Windows[name]
		joined.merge(part)
		r.Windows[name] = joined
	}
	addReport(&r.Ledger, s.Ledger)
	r.Faults = append(r.Faults, s.Faults...)
	r.addCost(s)
	for _, why := range s.Failures {
		r.Failures = append(r.Failures, fmt.Sprintf("shard %v: %s", s.Joined, why))
	}
	if r.Bottleneck == "" || r.Bottleneck == s.Bottleneck {
		r.Bottleneck = s.Bottleneck
	} else {
		r.Bottleneck = "differs from shard to shard"
	}
	switch {
	case s.Speed != nil && r.Speed != nil:
		*r.Speed = r.Speed.least(*s.Speed)
	case s.Speed != nil:
		speed := *s.Speed
		r.Speed = &speed
	}
}

// addCost weighs the processor's time by what was forwarded with it.
func (r *Result) addCost(s Result) {
	if s.Cost == nil || s.Whole.First == 0 {
		return
	}
	before := Cost{}
	if r.Cost != nil {
		before = *r.Cost
	}
	all := float64(r.Whole.First) // s is among them
	own := float64(s.Whole.First)
	r.Cost = &Cost{CPU: (before.CPU*(all-own) + s.Cost.CPU*own) / all, Peak: max(before.Peak, s.Cost.Peak)}
}

// addReport adds what became of other records.
func addReport(to *fakesyslog.Report, r fakesyslog.Report) {
	to.Created += r.Created
	to.Arrived += r.Arrived
	to.Duplicated += r.Duplicated
	to.Recovered += r.Recovered
	to.Unexpected += r.Unexpected
	to.Forgotten += r.Forgotten
	if to.Lost == nil {
		to.Lost = map[string]int{}
	}
	for place, n := range r.Lost {
		to.Lost[place] += n
	}
	const most = 20
	to.Examples = append(to.Examples, r.Examples...)
	to.Examples = to.Examples[:min(len(to.Examples), most)]
}

// joinSamples adds up what the shards had at the end of each second; a shard
// that has ended keeps its last numbers.
func joinSamples(shards []Result) []Sample {
	type numbers map[int]Sample
	last := 0
	by := make([]numbers, len(shards))
	for i, shard := range shards {
		by[i] = numbers{}
		for _, s := range shard.Samples {
			second := int(s.At)
			by[i][second] = s
			last = max(last, second)
		}
	}
	joined := make([]Sample, 0, last+1)
	current := make([]Sample, len(shards))
	for second := range last + 1 {
		sum := Sample{At: float64(second + 1)}
		for i := range by {
			s, ok := by[i][second]
			if ok {
				current[i] = s
			}
			sum.Created += current[i].Created
			sum.Arrived += current[i].Arrived
			sum.Duplicated += current[i].Duplicated
			if ok {
				sum.AgeP50, sum.AgeP99 = max(sum.AgeP50, s.AgeP50), max(sum.AgeP99, s.AgeP99)
			}
		}
		joined = append(joined, sum)
	}
	return joined
}
