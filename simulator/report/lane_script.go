package report

import (
	"fmt"
	"strings"
	"time"

	"siemdrill/simulator"
)

// phaseLane is the ruler: the parts of the script that were reached.
func phaseLane(w world, run simulator.Run) lane {
	l := lane{Name: "Phases", Help: "The parts of the script, by its comments."}
	phases := run.Phases()
	for i, p := range phases {
		if p.From.IsZero() {
			continue
		}
		until := w.end
		if i+1 < len(phases) && !phases[i+1].From.IsZero() {
			until = phases[i+1].From
		}
		l.Bands = append(l.Bands, w.band(p.From, until, phaseLook(p.Verdict), fmt.Sprintf("%s %d", mark(p.Verdict), i+1), p.Text+" ("+string(p.Verdict)+")"))
	}
	return stack(l)
}

func phaseLook(v simulator.Verdict) string {
	switch v {
	case simulator.Passed:
		return lookGood
	case simulator.Failed:
		return lookBad
	}
	return lookIdle
}

// operatorLane is what the script did to the agent and in the portal.
func operatorLane(w world, run simulator.Run) lane {
	l := lane{Name: "Operator", Help: "What the script does to the agent and in the portal."}
	for _, c := range played(run) {
		if word := firstWord(c.Text); word == "agent" || word == "portal" {
			l.Bands = append(l.Bands, w.band(c.At, c.At, lookAction, c.Text, fmt.Sprintf("line %d", c.Line)))
		}
	}
	return stack(l)
}

// played is every command that was played and changes something.
func played(run simulator.Run) []simulator.PlayedCommand {
	var all []simulator.PlayedCommand
	for _, p := range run.Phases() {
		for _, c := range p.Commands {
			if !c.At.IsZero() && !c.Asserts {
				all = append(all, c)
			}
		}
	}
	return all
}

// networkLane is what the script did to the network: a cut lasts until the same
// two are mended, a name's fault until it is healed; anything else is an instant.
func networkLane(w world, run simulator.Run) lane {
	l := lane{Name: "Faults: network", Help: "What the script does to the network and to proxies. A cut drops every packet and tells nobody."}
	type standing struct {
		label string
		since time.Time
		line  int
	}
	now := map[string]standing{}
	for _, c := range played(run) {
		words := strings.Fields(c.Text)
		if words[0] != "network" && words[0] != "proxy" {
			continue
		}
		d := disturbed(words)
		from, stands := now[d.what]
		switch {
		case d.what == "":
			l.Bands = append(l.Bands, w.band(c.At, c.At, lookAction, c.Text, fmt.Sprintf("line %d", c.Line)))
		case stands && d.label != from.label: // it ends, or another takes its place
			l.Bands = append(l.Bands, w.band(from.since, c.At, lookFault, from.label, fmt.Sprintf("lines %d to %d", from.line, c.Line)))
			delete(now, d.what)
		}
		if _, stands := now[d.what]; !stands && d.label != "" {
			now[d.what] = standing{d.label, c.At, c.Line}
		}
	}
	for _, from := range now {
		l.Bands = append(l.Bands, w.band(from.since, time.Time{}, lookFault, from.label, fmt.Sprintf("line %d; never mended", from.line)))
	}
	return stack(l)
}

// disturbance is what a command begins or ends that lasts.
type disturbance struct {
	what  string // of which there is one at a time; empty: nothing that lasts
	label string // empty: it ends
}

func disturbed(words []string) disturbance {
	if len(words) != 4 || words[0] != "network" {
		return disturbance{}
	}
	switch words[1] {
	case "cut":
		return disturbance{pair(words), "cut " + pair(words)}
	case "mend":
		return disturbance{what: pair(words)}
	case "name":
		if words[3] == "healed" {
			return disturbance{what: words[2]}
		}
		return disturbance{words[2], "name of " + words[2] + ": " + words[3]}
	}
	return disturbance{}
}

// pair names the two hosts of a cut or a mend, whichever came first.
func pair(words []string) string {
	return min(words[2], words[3]) + " – " + max(words[2], words[3])
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}
