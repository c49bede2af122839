package fakesyslog

// crash ends the receiver as kill -9 does, and healing starts it again: the
// kernel closes the listener and all connections, with RST where something was
// unread. What latency delays is unread to it, or, with taken, in the memory of
// the process: nothing tells the peer then that it was never used.
type crash struct{ taken bool }

func newCrash(a *arguments) effect {
	f := crash{taken: a.yes("taken")}
	return effect{listen: f.listen, turn: f.turn}
}

func (crash) listen() stance { return stance{down: true} }

func (f crash) turn(view) turn {
	if f.taken {
		return turn{end: endTaken}
	}
	return turn{end: endCrash}
}
