package fakesyslog

// moved lets the server move to another address. The one that senders still
// use is refused, silent, or somebody else's who takes what comes.
type moved struct{ old string }

func newMoved(a *arguments) effect {
	to, given := a.get("to")
	if !given {
		a.wrong("to", to, "the new address, such as 127.0.0.2:514")
	}
	f := moved{old: a.choice("old", "refuse", "black-hole", "swallow")}
	return effect{also: to, listen: f.listen, turn: f.turn, message: f.message}
}

func (f moved) listen() stance {
	return stance{down: f.old == "refuse", silent: f.old == "black-hole"}
}

func (f moved) turn(view) turn {
	switch f.old {
	case "refuse":
		return turn{end: endReset}
	case "black-hole":
		return turn{silent: true}
	}
	return turn{whole: true} // who has the old address takes messages as they come
}

func (f moved) message(_ view, m *frame) { m.swallowed = f.old == "swallow" }
