package simulator

import (
	"fmt"
	"strings"

	"siemdrill/simulator/network"
)

func networkCommand() command {
	return command{
		summary: "change the network between the agent, the service and the receiver",
		actions: map[string]action{
			"cut": {"HOST HOST", "Drops every packet between two of: agent, cas, syslog. Neither end is told.",
				parsePair((*network.Network).Cut)},
			"mend": {"HOST HOST", "Lets packets between the two pass again.",
				parsePair((*network.Network).Mend)},
		},
	}
}

func parsePair(f func(n *network.Network, a, b *network.Host)) func(*words) (step, error) {
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
			f(l.Network, l.hosts[pair[0]], l.hosts[pair[1]])
			return nil
		}}, nil
	}
}
