package fakesyslog

// cut breaks a connection inside a message: its first bytes were read.
type cut struct {
	at  int // bytes of the message that are read; 0 draws 1 to 100
	how ending
}

func newCut(a *arguments) effect {
	f := cut{at: a.number("at", 0, 0, 1<<20), how: endReset}
	if a.choice("with", "reset", "close") == "close" {
		f.how = endClose
	}
	return effect{turn: f.turn}
}

func (f cut) turn(v view) turn {
	at := f.at
	if at == 0 {
		at = 1 + int(v.draw%100)
	}
	switch {
	case v.partial < at:
		return turn{most: at - v.partial}
	case v.dry:
		return turn{end: f.how}
	}
	return turn{most: 1} // it may be a whole message
}
