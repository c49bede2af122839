package report

import (
	"slices"
	"time"

	"siemdrill/simulator"
)

// lane is one row of the time line: bands, or counts of something that happens
// at an instant.
type lane struct {
	Name  string  `json:"name"`
	Help  string  `json:"help"` // what it shows, a sentence
	Bands []band  `json:"bands,omitempty"`
	Rows  int     `json:"rows,omitempty"`  // how many rows the bands need
	Times []int64 `json:"times,omitempty"` // µs, each since the one before; the first since the start
	Unit  string  `json:"unit,omitempty"`  // of what is counted, in the plural
	Look  string  `json:"look,omitempty"`  // of what is counted
}

// band is something that lasts. One that begins and ends at once is an instant.
type band struct {
	From   int64  `json:"from"` // µs since the start
	Until  int64  `json:"until"`
	Open   bool   `json:"open,omitempty"` // it had not ended when the scenario did
	Row    int    `json:"row,omitempty"`
	Label  string `json:"label"`
	Detail string `json:"detail,omitempty"`
	Look   string `json:"look"`
}

// The looks, which the page's style defines. None goes by its colour alone.
const (
	lookGood   = "good"
	lookIdle   = "idle"
	lookWarn   = "warn"
	lookBad    = "bad"
	lookHeld   = "held"
	lookFault  = "fault"
	lookAction = "action"
	lookPlain  = "plain"
)

// lanes is the time line of a run. A lane in which nothing happened is left
// out.
func lanes(run simulator.Run) []lane {
	w := world{run.Start, run.Evidence.Now}
	all := []lane{phaseLane(w, run), operatorLane(w, run)}
	all = append(all, statusLanes(w, run)...)
	all = append(all, notificationLane(w, run), heldLane(w, run), stateLane(w, run))
	all = append(all, faultLanes(w, run)...)
	all = append(all, countLanes(w, run)...)
	return slices.DeleteFunc(all, func(l lane) bool { return len(l.Bands) == 0 && len(l.Times) == 0 })
}

// world is the time that the time line spans.
type world struct{ start, end time.Time }

func (w world) at(t time.Time) int64 { return t.Sub(w.start).Microseconds() }

// band is from from until until; a zero until means that it had not ended.
func (w world) band(from, until time.Time, look, label, detail string) band {
	open := until.IsZero()
	if open {
		until = w.end
	}
	if from.Before(w.start) {
		from = w.start
	}
	return band{From: w.at(from), Until: w.at(until), Open: open, Label: visible(label), Detail: visible(detail), Look: look}
}

// stack gives each band the first row that is free for it.
func stack(l lane) lane {
	slices.SortStableFunc(l.Bands, func(a, b band) int { return int(max(-1, min(1, a.From-b.From))) })
	var ends []int64
	for i, b := range l.Bands {
		row := slices.IndexFunc(ends, func(end int64) bool { return end <= b.From })
		if row < 0 {
			row = len(ends)
			ends = append(ends, 0)
		}
		ends[row] = max(b.Until, b.From+1)
		l.Bands[i].Row = row
	}
	l.Rows = len(ends)
	return l
}
