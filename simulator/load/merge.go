package load

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"siemdrill/fakesyslog"
)

// Merge joins the results of shards that ran at the same time into that of one
// run: histograms and ledgers lose nothing, and samples are added where they were
// taken in the same second. Shards that began more than a tenth of their load
// apart, or two seconds if that is more, did not load together: that is a failure
// of the whole, as is a shard that is missing or has failed.
func Merge(shards []Result) (Result, error) {
	if len(shards) == 0 {
		return Result{}, errors.New("expected the results of at least one shard")
	}
	first := shards[0]
	whole := Result{V: 1, Call: first.Call, Agent: first.Agent, Shards: first.Shards, Seed: first.Seed, Began: first.Began, Windows: map[string]Arrivals{}, Busy: first.Busy, CPUs: first.CPUs}
	last := first.Began
	for _, s := range shards {
		if err := whole.belongs(s); err != nil {
			return Result{}, err
		}
		whole.Joined = append(whole.Joined, s.Joined...)
		if s.Began.Before(whole.Began) {
			whole.Began = s.Began
		}
		if s.Began.After(last) {
			last = s.Began
		}
	}
	for _, s := range shards {
		whole.add(s)
	}
	if whole.Load > 0 && whole.Seconds > 0 {
		whole.Achieved = float64(whole.Whole.First) / whole.Seconds
		whole.Offered /= whole.Load
	}
	slices.Sort(whole.Joined)
	whole.Samples = joinSamples(whole.Began, shards)
	if missing := whole.Shards - len(whole.Joined); missing > 0 {
		whole.Failures = append(whole.Failures, fmt.Sprintf("%d of %d shards are missing", missing, whole.Shards))
	}
	if apart := last.Sub(whole.Began).Seconds(); apart > max(whole.Load/10, 2) {
		whole.Failures = append(whole.Failures, fmt.Sprintf("the shards began %.1f s apart: they did not load together", apart))
	}
	return whole, nil
}

// belongs says what is wrong with a shard beside those that were joined.
func (r *Result) belongs(s Result) error {
	for _, i := range s.Joined {
		switch {
		case s.Shards != r.Shards || s.Seed != r.Seed:
			return fmt.Errorf("shard %d/%d with seed %d: expected one of %d shards with seed %d", i, s.Shards, s.Seed, r.Shards, r.Seed)
		case s.Agent != r.Agent:
			return fmt.Errorf("shard %d/%d tested %q: expected %q, as the first did", i, s.Shards, s.Agent, r.Agent)
		case slices.Contains(r.Joined, i):
			return fmt.Errorf("shard %d/%d is there twice", i, s.Shards)
		}
	}
	return nil
}

// add adds a shard's numbers.
func (r *Result) add(s Result) {
	r.Agents += s.Agents
	r.Load = max(r.Load, s.Load)
	r.Seconds = max(r.Seconds, s.Began.Sub(r.Began).Seconds()+s.Seconds)
	r.Offered += s.Offered * s.Load
	r.Late = max(r.Late, s.Late)
	r.Whole.merge(s.Whole)
	for name, part := range s.Windows {
		joined := r.Windows[name]
		joined.merge(part)
		r.Windows[name] = joined
	}
	addReport(&r.Ledger, s.Ledger)
	for _, f := range s.Faults {
		if i := slices.IndexFunc(r.Faults, f.same); i >= 0 {
			r.Faults[i] = r.Faults[i].with(f)
		} else {
			r.Faults = append(r.Faults, f)
		}
	}
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

// same says whether another is the same fault, in another shard.
func (b Band) same(other Band) bool { return b.Fault == other.Fault && b.From == other.From }

// with is a fault that two shards had: it is recovered from when both have.
func (b Band) with(other Band) Band {
	b.Hits += other.Hits
	b.Lanes += other.Lanes
	b.Duplicated += other.Duplicated
	b.Drain += other.Drain
	b.Recovered = b.Recovered && other.Recovered
	b.Recovery = max(b.Recovery, other.Recovery)
	return b
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

// joinSamples adds up what the shards had at the end of each second from began
// on; a shard that has ended keeps its last numbers.
func joinSamples(began time.Time, shards []Result) []Sample {
	type numbers map[int]Sample
	last := 0
	by := make([]numbers, len(shards))
	for i, shard := range shards {
		by[i] = numbers{}
		for _, s := range shard.Samples {
			second := int(shard.Began.Sub(began).Seconds() + s.At)
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
			sum.Memory += current[i].Memory
			if ok {
				sum.AgeP50, sum.AgeP99 = max(sum.AgeP50, s.AgeP50), max(sum.AgeP99, s.AgeP99)
			}
		}
		joined = append(joined, sum)
	}
	return joined
}
