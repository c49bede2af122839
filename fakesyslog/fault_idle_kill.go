package fakesyslog

import "time"

// idleKill ends connections on which nothing came for a while, as firewalls
// do.
type idleKill struct {
	after time.Duration
	kill  turn
}

func newIdleKill(a *arguments) effect {
	f := idleKill{after: a.duration("idle", 5*time.Minute)}
	switch a.choice("with", "silence", "reset", "close") {
	case "reset":
		f.kill.end = endReset
	case "close":
		f.kill.end = endClose
	default: // most firewalls forget a connection and drop what still comes
		f.kill.silent = true
	}
	return effect{turn: f.turn}
}

func (f idleKill) turn(v view) turn {
	if v.idle >= f.after {
		return f.kill
	}
	return turn{again: f.after - v.idle}
}
