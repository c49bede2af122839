package fakesyslog

// stall stops reading: the window closes, and the sender's buffer fills. It
// reads on when healed.
type stall struct{}

func newStall(*arguments) effect { return effect{turn: stall{}.turn} }

func (stall) turn(view) turn { return turn{hold: true} }
