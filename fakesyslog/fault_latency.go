package fakesyslog

import "time"

// latency handles what comes, the end of the stream included, only after a
// while, so the answer to a close is late. It reads on meanwhile, up to the
// limit of a delayLine: a delay is not a bandwidth.
type latency struct {
	delay  time.Duration
	jitter time.Duration // up to so much more, by the seed
}

func newLatency(a *arguments) effect {
	f := latency{delay: a.duration("delay", 100*time.Millisecond), jitter: a.duration("jitter", 0)}
	return effect{turn: f.turn}
}

func (f latency) turn(v view) turn {
	d := f.delay
	if f.jitter > 0 {
		d += time.Duration(draw(v.draw, uint64(v.reads)) % uint64(f.jitter+1))
	}
	return turn{late: d}
}
