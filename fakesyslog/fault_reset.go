package fakesyslog

// reset breaks a connection with RST: what the kernel holds is never read, and
// what is on its way is lost.
type reset struct{}

func newReset(*arguments) effect { return effect{turn: reset{}.turn} }

func (reset) turn(view) turn { return turn{end: endReset} }
