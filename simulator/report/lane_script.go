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
		l.Bands = append(l.Bands, w.band(p.From, until, phaseLook(p.Verdict), fmt.Sprintf("%d", i+1), p.Text+" ("+string(p.Verdict)+")"))
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
// two are mended, anything else is an instant.
func networkLane(w world, run simulator.Run) lane {
	l := lane{Name: "Faults: network", Help: "What the script does to the network and to proxies. A cut drops every packet and tells nobody."}
	type cut struct {
		since time.Time
		line  int
	}
	cuts := map[string]cut{}
	for _, c := range played(run) {
		words := strings.Fields(c.Text)
		switch {
		case words[0] != "network" && words[0] != "proxy":
		case len(words) == 4 && words[1] == "cut":
			if _, is := cuts[pair(words)]; !is {
				cuts[pair(words)] = cut{c.At, c.Line}
			}
		case len(words) == 4 && words[1] == "mend":
			if from, is := cuts[pair(words)]; is {
				l.Bands = append(l.Bands, w.band(from.since, c.At, lookFault, "cut "+pair(words), fmt.Sprintf("lines %d to %d", from.line, c.Line)))
				delete(cuts, pair(words))
			}
		default:
			l.Bands = append(l.Bands, w.band(c.At, c.At, lookAction, c.Text, fmt.Sprintf("line %d", c.Line)))
		}
	}
	for name, from := range cuts {
		l.Bands = append(l.Bands, w.band(from.since, time.Time{}, lookFault, "cut "+name, fmt.Sprintf("line %d; never mended", from.line)))
	}
	return stack(l)
}

// pair names the two hosts of a cut or a mend, whichever came first.
func pair(words []string) string {
	return min(words[2], words[3]) + " – " + max(words[2], words[3])
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}
