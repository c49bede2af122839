package fakesyslog

// closing closes a connection as a receiver does that is told to stop: FIN,
// and RST for whatever still comes. A sender's next write seems to succeed and
// is lost.
type closing struct{}

func newClose(*arguments) effect { return effect{turn: closing{}.turn} }

func (closing) turn(view) turn { return turn{end: endClose} }
