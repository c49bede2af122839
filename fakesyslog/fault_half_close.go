package fakesyslog

// halfClose sends FIN and reads on.
type halfClose struct{}

func newHalfClose(*arguments) effect { return effect{turn: halfClose{}.turn} }

func (halfClose) turn(view) turn { return turn{shut: true} }
