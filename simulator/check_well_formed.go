package simulator

import (
	"fmt"

	"siemdrill/fakesyslog"
)

// checkWellFormed: every message that the receiver framed was a line as the
// vendor documents it. One that a fault cut short was never framed whole, so it
// isn't held against the agent.
func checkWellFormed(e Evidence) (bool, string) {
	good := 0
	for _, ev := range e.Events {
		if ev.Source != FromSyslog {
			continue
		}
		switch ev.Kind {
		case fakesyslog.KindRejected:
			return false, fmt.Sprintf("on %s: %s", ev.Connection, ev.Detail)
		case fakesyslog.KindLine:
			good++
		}
	}
	if good == 0 {
		return false, "no line arrived, so there is none to judge"
	}
	return true, fmt.Sprintf("%d lines, all as documented", good)
}
