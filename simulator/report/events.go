package report

import (
	"slices"
	"time"

	"siemdrill/simulator"
)

// eventTable is a History by columns: numbers, and texts that stand in it once.
// Compressed, an event takes a few bytes.
type eventTable struct {
	First   int      `json:"first"` // sequence number of the first one here
	Texts   []string `json:"texts"` // in order of first use; the empty one is number 0
	Time    []int64  `json:"time"`  // µs since the one before
	Source  []int    `json:"source"`
	Kind    []int    `json:"kind"`
	Agent   []int    `json:"agent"`
	Where   []int    `json:"where"` // connection
	Record  []int    `json:"record"`
	Detail  []int    `json:"detail"`
	numbers map[string]int
}

// newEventTable takes the last most of the events.
func newEventTable(events []simulator.Event, start time.Time, most int) *eventTable {
	events = events[max(0, len(events)-most):]
	t := &eventTable{Texts: []string{""}, numbers: map[string]int{"": 0}}
	before := int64(0)
	for i, e := range events {
		if i == 0 {
			t.First = e.Seq
		}
		at := e.T.Sub(start).Microseconds()
		t.Time = append(t.Time, at-before)
		before = at
		t.Source = append(t.Source, t.number(string(e.Source)))
		t.Kind = append(t.Kind, t.number(e.Kind))
		t.Agent = append(t.Agent, t.number(e.Agent))
		t.Where = append(t.Where, t.number(e.Connection))
		t.Record = append(t.Record, t.number(e.Record))
		t.Detail = append(t.Detail, t.number(e.Detail))
	}
	return t
}

func (t *eventTable) number(text string) int {
	n, known := t.numbers[text]
	if !known {
		n = len(t.Texts)
		t.numbers[text] = n
		t.Texts = append(t.Texts, visible(text))
	}
	return n
}

// steps turns times into µs since the one before, the first since start.
func steps(times []time.Time, start time.Time) []int64 {
	slices.SortFunc(times, time.Time.Compare)
	all := make([]int64, len(times))
	before := int64(0)
	for i, t := range times {
		at := t.Sub(start).Microseconds()
		all[i], before = at-before, at
	}
	return all
}
