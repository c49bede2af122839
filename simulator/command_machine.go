package simulator

import (
	"errors"
	"fmt"
	"slices"
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
	err := w.settle()
	w.frozen[host] = true
	return errors.Join(err, w.hosts[host].Pause())
}

func (w *containers) resumeHost(host string) error {
	w.frozen[host] = false
	return w.hosts[host].Resume()
}

func (w *containers) killHost(host string) error  { return w.hosts[host].Kill() }
func (w *containers) startHost(host string) error { return w.hosts[host].Restart() }

func (w *containers) moveAway(host string) error {
	return w.moveTo(host, Place{otherNetwork, w.at[host].Host}, true, 0)
}
