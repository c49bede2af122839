package load

import "time"

// Sample is where a run stood at one instant. Counts are since the beginning.
type Sample struct {
	At         float64 `json:"at"`         // seconds from the beginning of the load
	Created    int     `json:"created"`    // to be forwarded: for agents that share a tenant, once each
	Arrived    int     `json:"arrived"`    // of these, came at least once
	Duplicated int     `json:"duplicated"` // arrivals of what had come before
	AgeP50     float64 `json:"ageP50"`     // seconds, of what came since the last sample; 0: nothing came
	AgeP99     float64 `json:"ageP99"`
	Memory     int64   `json:"memory,omitempty"` // bytes that the agents' processes had resident together; 0: not known
}

// Backlog is what was created and has not arrived.
func (s Sample) Backlog() int { return s.Created - s.Arrived }

// Band is a fault as it was in a run, and how it was made up for.
type Band struct {
	Fault      string  `json:"fault"`
	From       float64 `json:"from"` // seconds from the beginning of the load
	To         float64 `json:"to"`
	Hits       int     `json:"hits"`       // connections, requests and so on that it hit
	Lanes      int     `json:"lanes"`      // agents at whose fakes it hit something
	Duplicated int     `json:"duplicated"` // arrivals of what had come before, from the fault to the next one or to the end
	Recovered  bool    `json:"recovered"`
	Recovery   float64 `json:"recovery"` // seconds from the fault's end until the backlog was what it was before
	Drain      float64 `json:"drain"`    // arrivals a second meanwhile
}

// again fills in what came again after the fault, until the next one began.
func (b *Band) again(samples []Sample, next float64) {
	before, last := 0, 0
	for _, s := range samples {
		if s.At <= b.From {
			before = s.Duplicated
		}
		if s.At <= next {
			last = s.Duplicated
		}
	}
	b.Duplicated = last - before
}

// recover fills in how a fault was made up for: the backlog is again no more
// than the most of the ten seconds before the fault, or than what a tenth of a
// second brings, with a tenth on top. It is as exact as the samples are dense.
func (b *Band) recover(samples []Sample, perSecond float64) {
	least := perSecond / 10
	for _, s := range samples {
		if s.At <= b.From && s.At >= b.From-(10*time.Second).Seconds() {
			least = max(least, float64(s.Backlog()))
		}
	}
	atEnd := -1
	for i, s := range samples {
		if s.At < b.To {
			continue
		}
		if atEnd < 0 {
			atEnd = max(0, i-1)
		}
		if float64(s.Backlog()) > least*1.1 {
			continue
		}
		b.Recovered, b.Recovery = true, s.At-b.To
		if i == atEnd+1 { // there was nothing to make up for
			return
		}
		if took := s.At - samples[atEnd].At; took > 0 {
			b.Drain = float64(s.Arrived-samples[atEnd].Arrived) / took
		}
		return
	}
}
