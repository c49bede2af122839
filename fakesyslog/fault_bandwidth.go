package fakesyslog

import "time"

// bandwidth reads all connections together at a rate, as behind a thin line.
type bandwidth struct {
	rate  int // bytes a second
	start time.Time
	bytes int64
}

func newBandwidth(a *arguments) effect {
	f := &bandwidth{rate: a.number("rate", 125_000, 1, 1<<30)}
	return effect{turn: f.turn}
}

func (f *bandwidth) turn(v view) turn {
	if f.start.IsZero() {
		f.start = v.now
	}
	f.bytes += v.fresh
	t := turn{most: piece(f.rate)}
	if due := span(f.bytes, f.rate); due > v.now.Sub(f.start) {
		t.wait = due - v.now.Sub(f.start)
	} else if v.now.Sub(f.start)-due > time.Second {
		f.start, f.bytes = v.now, 0 // an idle line saves nothing up
	}
	return t
}
