package live

import (
	"fmt"
	"time"
)

// Pace is how fast virtual time goes: pure, it is told how much real time went
// by. Time moves in whole seconds, so that what is clicked happens at an instant
// that a person would write in a script.
type Pace struct {
	Speed  int // virtual seconds a real one, 1 to 3600; 0: 1
	Paused bool
	Behind bool // the Lab can't keep up: some real time was let go

	owed time.Duration // virtual time that was not yet made into steps
}

// tickEvery is how often, in real time, a Pace should be asked.
const tickEvery = 50 * time.Millisecond

const slowest, fastest = 1, 3600

// SetSpeed changes the speed.
func (p *Pace) SetSpeed(speed int) error {
	if speed < slowest || speed > fastest {
		return fmt.Errorf("speed %d: expected %d to %d", speed, slowest, fastest)
	}
	p.Speed, p.owed = speed, 0
	return nil
}

// step is how much time passes at once: at any speed at least about as often as
// it is asked.
func (p *Pace) step() time.Duration {
	a := time.Duration(max(p.Speed, slowest)) * tickEvery
	return max(a.Truncate(time.Second), time.Second)
}

// Steps is how much virtual time should pass now that elapsed of real time did.
// What a few steps don't make up for is let go.
func (p *Pace) Steps(elapsed time.Duration) time.Duration {
	if p.Paused {
		p.owed, p.Behind = 0, false
		return 0
	}
	const most = 4
	p.owed += elapsed * time.Duration(max(p.Speed, slowest))
	if p.Behind = p.owed > most*p.step(); p.Behind {
		p.owed = most * p.step()
	}
	whole := p.owed.Truncate(p.step())
	p.owed -= whole
	return whole
}
