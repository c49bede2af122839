package fakesyslog

// stall stops reading: the window closes, and the sender's buffer fills. It
// reads on when healed.
type stall struct {
	buffer int // shrinks the kernel's receive buffer, so that the window closes soon
}

func newStall(a *arguments) effect {
	f := stall{buffer: a.number("buffer", 0, 0, 1<<30)}
	return effect{turn: f.turn}
}

func (f stall) turn(view) turn { return turn{hold: true, buffer: f.buffer} }
