package fakesyslog

// crash ends the receiver as kill -9 does, and healing starts it again: the
// kernel closes the listener and all connections, with RST where something was
// unread.
type crash struct{}

func newCrash(*arguments) effect { return effect{listen: crash{}.listen, turn: crash{}.turn} }

func (crash) listen() stance { return stance{down: true} }

func (crash) turn(view) turn { return turn{end: endCrash} }
