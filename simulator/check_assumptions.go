package simulator

import (
	"fmt"
	"strings"
)

// checkAssumptions: what the harness claims to have done has happened. Every
// fault that was injected hit something, and hit nothing once it was healed.
// Without that, no other verdict means anything.
func checkAssumptions(e Evidence) (bool, string) {
	var faults []*injection
	for _, ev := range e.Events {
		for _, f := range faults {
			f.see(ev)
		}
		if ev.Kind == kindFaultInjected && isFake(ev.Source) {
			faults = append(faults, newInjection(ev))
		}
	}
	healed := 0
	for _, f := range faults {
		switch {
		case f.hits == 0:
			return false, fmt.Sprintf("the %s fault %q was injected at %s and hit nothing", f.source, f.name, f.since)
		case f.afterwards != "":
			return false, fmt.Sprintf("the %s fault %q was healed and still hit: %s", f.source, f.name, f.afterwards)
		case f.healed:
			healed++
		}
	}
	return true, fmt.Sprintf("%d faults took hold, %d were undone", len(faults), healed)
}

// The kinds that both fakes give to the events of their faults.
const (
	kindFaultInjected = "fault-injected"
	kindFaultHit      = "fault-hit"
	kindFaultHealed   = "fault-healed"
)

func isFake(s Source) bool { return s == FromCAS || s == FromSyslog }

// injection follows one fault through the History.
type injection struct {
	source     Source
	id, name   string
	since      string
	hits       int
	healed     bool
	afterwards string // a hit after it was healed
}

func newInjection(e Event) *injection {
	return &injection{source: e.Source, id: faultOf(e), name: firstWord(e.Detail), since: e.T.Format("15:04:05")}
}

func (f *injection) see(e Event) {
	switch {
	case e.Source != f.source || faultOf(e) != f.id:
	case e.Kind == kindFaultHealed:
		f.healed = true
	case e.Kind == kindFaultHit && f.healed:
		f.afterwards = e.Detail
	case e.Kind == kindFaultHit:
		f.hits++
	}
}

// faultOf is the id of the fault that an event is about.
func faultOf(e Event) string { return e.Record }

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}
