package simulator

import (
	"errors"
	"fmt"
	"slices"

	"siemdrill/agent/stepped"
)

// featureMachine is that service and receiver have machines of their own.
const featureMachine feature = "machine"

func machineCommand() command {
	return command{
		summary: "act on the machine that the service or the receiver runs on",
		actions: map[string]action{
			"pause":  {"HOST", "Freezes the programs of the machine; its kernel goes on, and takes connections and data. HOST: cas, syslog.", parseMachine((*containers).pauseHost)},
			"resume": {"HOST", "Lets them go on.", parseMachine((*containers).resumeHost)},
			"kill":   {"syslog", "Ends the receiver as kill -9 does.", parseMachine((*containers).killHost, "syslog")},
			"start":  {"syslog", "Starts the receiver again.", parseMachine((*containers).startHost, "syslog")},
			"away":   {"syslog", "Moves the receiver to another subnet, which its name follows; nobody is at its old address.", parseMachine((*containers).moveAway, "syslog")},
		},
	}
}

// parseMachine reads an action on one of the hosts; none given means both.
func parseMachine(do func(w *containers, host string) error, hosts ...string) func(*words) (step, error) {
	if hosts == nil {
		hosts = []string{"cas", "syslog"}
	}
	return func(w *words) (step, error) {
		host, err := w.next("a host: " + list(hosts))
		if err == nil && !slices.Contains(hosts, host) {
			err = fmt.Errorf("unknown host %q: expected one of: %s", host, list(hosts))
		}
		return step{uses: featureMachine, do: func(l *Lab) error {
			world, ok := l.world.(*containers)
			if !ok {
				return errors.New("the fakes are part of this process: they have no machine")
			}
			return do(world, host)
		}}, err
	}
}

func (w *containers) pauseHost(host string) error {
	err := w.settle() // what it knows can't be asked for while it is frozen
	w.hosts[host].frozen = true
	return errors.Join(err, w.hosts[host].pause())
}

func (w *containers) resumeHost(host string) error {
	w.hosts[host].frozen = false
	return w.hosts[host].resume()
}

func (w *containers) killHost(host string) error {
	return errors.Join(w.settle(), w.hosts[host].kill()) // its History ends with it
}

func (w *containers) startHost(host string) error {
	h := w.hosts[host]
	if err := h.Restart(); err != nil {
		return err
	}
	w.receiver.seen = 0 // a new History
	return errors.Join(w.join(h.steppedMachine, stepped.Welcome{Names: w.namesAt()}), w.attached(h, h.at.Network))
}

func (w *containers) moveAway(host string) error {
	h := w.hosts[host]
	return w.moveTo(h, host, Place{otherNetwork, h.at.Host}, true, 0)
}
