package simulator

import (
	"fmt"
	"strings"
)

func networkCommand() command {
	return command{
		summary: "change the network between the agent, the service and the receiver",
		actions: map[string]action{
			"cut": {"HOST HOST", "Drops every packet between two of: agent, cas, syslog. Neither end is told.",
				parsePair((*Lab).Cut)},
			"mend": {"HOST HOST", "Lets packets between the two pass again.",
				parsePair((*Lab).Mend)},
		},
	}
}

func parsePair(f func(l *Lab, a, b string)) func(*words) (step, error) {
	return func(w *words) (step, error) {
		var pair [2]string
		for i := range pair {
			var err error
			if pair[i], err = w.next("a host: " + strings.Join(hostNames, ", ")); err != nil {
				return step{}, err
			}
			if !isHost(pair[i]) {
				return step{}, fmt.Errorf("unknown host %q: expected one of: %s", pair[i], strings.Join(hostNames, ", "))
			}
		}
		return step{do: func(l *Lab) error {
			f(l, pair[0], pair[1])
			return nil
		}}, nil
	}
}
