package fakesyslog

import "time"

// slowAccept lets a time pass between one accept and the next: clients are
// connected and get no service for a while.
type slowAccept struct{ every time.Duration }

func newSlowAccept(a *arguments) effect {
	f := slowAccept{every: a.duration("pause", time.Second)}
	return effect{accept: f.accept}
}

func (f slowAccept) accept(since time.Duration) turn {
	if since >= f.every {
		return turn{}
	}
	return turn{wait: f.every - since}
}
