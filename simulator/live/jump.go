package live

import (
	"errors"
	"time"

	"siemdrill/simulator"
)

// jump is an "advance" that somebody asked for: it is made in pieces, so that the
// page follows and a pause can end it.
type jump struct {
	left   time.Duration
	piece  time.Duration
	within time.Duration // of real time, for a piece; 0: as it takes
	done   chan struct{}

	at  time.Time // the Lab's when it ended; valid once done is closed
	err error     // likewise
}

// longest is the virtual time of a piece where time is stepped.
const longest = 10 * time.Minute

func newJump(c simulator.Command, stepped bool) *jump {
	j := &jump{left: c.Lasts, piece: longest, done: make(chan struct{})}
	if !stepped {
		real := c.Within
		if real == 0 {
			real = c.Lasts
		}
		j.within = tickEvery
		j.piece = max(time.Duration(float64(c.Lasts)*float64(tickEvery)/float64(real)).Round(time.Millisecond), time.Millisecond)
	}
	return j
}

// leap makes the next piece of the jump.
func (s *Session) leap() {
	d, began := min(s.jump.left, s.jump.piece), time.Now()
	s.jump.left -= d
	s.pass(d, s.jump.within)
	s.had(0, time.Since(began))
	if s.jump != nil && s.jump.left == 0 {
		s.endJump(nil)
	}
	s.news.tell()
}

// endJump ends the jump, if there is one, and says why it did not come further.
func (s *Session) endJump(err error) {
	if s.jump == nil {
		return
	}
	j := s.jump
	s.jump = nil
	j.at, j.err = s.lab.Now(), err
	if errors.Is(err, errPaused) {
		j.err = nil // as far as it came is as far as was wanted
	}
	close(j.done)
}
