package simulator

import (
	"maps"
	"slices"
	"strings"

	"siemdrill/agent/console"
)

// Truths are assertions that hold now, as lines of a script: what the portal
// shows, whether agents run, and what the checkers say.
func (l *Live) Truths() []string {
	var all []string
	for _, a := range l.Agents() {
		all = append(all, slices.DeleteFunc(truthsOf(a), l.cannot)...)
	}
	var names []string
	evidence := l.evidence()
	for _, name := range []string{"no-loss", "in-order", "well-formed", "held"} {
		if ok, _ := checkers()[name](evidence); ok && !l.cannot("check "+name) {
			names = append(names, name)
		}
	}
	if ok, _ := evidence.Assumptions(); ok && names != nil {
		all = append(all, "check "+strings.Join(names, " "))
	}
	return all
}

// cannot says whether this Lab can't play a line.
func (l *Live) cannot(line string) bool {
	_, err := l.Read(line)
	return err != nil
}

func truthsOf(a AgentNow) []string {
	of := ofAgent(a.Name)
	var all []string
	if a.ID != "" {
		all = append(all, "portal status "+a.Status.String()+of)
	}
	newest := map[console.NotificationID]bool{} // whether the newest of an id is open
	for _, n := range a.Notifications {
		newest[n.ID] = n.Open()
	}
	for _, id := range slices.Sorted(maps.Keys(newest)) {
		if newest[id] {
			all = append(all, "portal notification "+string(id)+of)
		} else {
			all = append(all, "portal resolved "+string(id)+of)
		}
	}
	switch {
	case a.Running:
		all = append(all, "agent running"+of)
	case a.Started:
		all = append(all, "! agent running"+of)
	}
	return all
}
