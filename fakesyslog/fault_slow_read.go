package fakesyslog

import "time"

// slowRead reads each connection at a rate.
type slowRead struct {
	rate   int // bytes a second
	buffer int // shrinks the kernel's receive buffer, so that the sender feels it
}

func newSlowRead(a *arguments) effect {
	f := slowRead{rate: a.number("rate", 1024, 1, 1<<30), buffer: a.number("buffer", 0, 0, 1<<30)}
	return effect{turn: f.turn}
}

func (f slowRead) turn(v view) turn {
	t := turn{most: piece(f.rate), buffer: f.buffer}
	if due := span(v.bytes, f.rate); due > v.since {
		t.wait = due - v.since
	}
	return t
}

// piece is how much is read at once under a rate: a tenth of a second's worth.
func piece(rate int) int { return max(1, rate/10) }

// span is how long so many bytes take at a rate.
func span(bytes int64, rate int) time.Duration {
	return time.Duration(float64(bytes) / float64(rate) * float64(time.Second))
}
