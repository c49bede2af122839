package simulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"siemdrill/simulator/network"
)

func networkCommand() command {
	return command{
		summary: "change the network between the agent, the service and the receiver",
		actions: map[string]action{
			"cut": {"HOST HOST", "Drops every packet between two of: " + list(hostNames) + ". Neither end is told.",
				parsePair((*Lab).Cut)},
			"mend": {"HOST HOST", "Lets packets between the two pass again.",
				parsePair((*Lab).Mend)},
			"name": {"HOST FAULT", "Makes the look-up of the host's name fail: " + list(slices.Sorted(maps.Keys(nameFaults))) + ".",
				parseName},
			"move": {"HOST [-old refuse|swallow] [-stale DURATION]",
				"Gives the host another address, which its name follows, after DURATION if -stale is given. " +
					"At the old address somebody refuses, or nobody is.", parseMove},
		},
	}
}

func list(words []string) string { return strings.Join(words, ", ") }

// host takes the name of a host.
func host(w *words) (string, error) {
	name, err := w.next("a host: " + list(hostNames))
	if err == nil && !slices.Contains(hostNames, name) {
		err = fmt.Errorf("unknown host %q: expected one of: %s", name, list(hostNames))
	}
	return name, err
}

func parsePair(f func(l *Lab, a, b string) error) func(*words) (step, error) {
	return func(w *words) (step, error) {
		a, err := host(w)
		if err != nil {
			return step{}, err
		}
		b, err := host(w)
		if err == nil && a == b {
			err = fmt.Errorf("expected two different hosts")
		}
		var uses feature
		if a != "agent" && b != "agent" {
			uses = featureCutElsewhere
		}
		return step{uses: uses, do: func(l *Lab) error { return f(l, a, b) }}, err
	}
}

// nameFaults are the ways in which a look-up may go wrong, and the end of them.
var nameFaults = map[string]network.NameFault{
	"healed":         network.NameHeals,
	"no-such-host":   network.NoSuchHost,
	"server-failure": network.ServerFailure,
	"no-answer":      network.NoAnswer,
}

func parseName(w *words) (step, error) {
	name, err := host(w)
	if err != nil {
		return step{}, err
	}
	word, err := w.next("a fault")
	fault, known := nameFaults[word]
	if err == nil && !known {
		err = fmt.Errorf("unknown fault %q: expected one of: %s", word, list(slices.Sorted(maps.Keys(nameFaults))))
	}
	return step{uses: featureName, do: func(l *Lab) error {
		l.world.breakName(name, fault)
		return nil
	}}, err
}

func parseMove(w *words) (step, error) {
	old := w.flags.String("old", "refuse", "")
	var stale durationFlag
	w.flags.Var(&stale, "stale", "")
	name, err := host(w)
	if err == nil && *old != "refuse" && *old != "swallow" {
		err = fmt.Errorf("-old %q: expected refuse or swallow", *old)
	}
	return step{uses: featureStaleName, do: func(l *Lab) error {
		return l.Move(name, *old == "swallow", time.Duration(stale))
	}}, err
}
