package simulator

import (
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"slices"
	"testing"
	"time"

	"siemdrill/simulator/peer"
)

// Runner is a way to play scripts. Each gives the same verdict, or skips a
// script whole and says why.
type Runner string

// The runners.
const (
	InBubble    Runner = "bubble"    // all in one process, in memory; the default
	OnProcesses Runner = "process"   // the agent is a process, the network the kernel's loopback
	Foreign     Runner = "foreign"   // as process, with any command in place of the agent
	Forwarder   Runner = "forwarder" // as foreign, with rsyslog or syslog-ng, which the Lab feeds with lines

	InContainers Runner = "container" // agents, service, receiver, names and proxy in containers, on real networks
)

// Runners are all of them.
func Runners() []Runner { return []Runner{InBubble, OnProcesses, Foreign, Forwarder, InContainers} }

// ParseRunner reads a runner's name; none is the default's.
func ParseRunner(name string) (Runner, error) {
	if name == "" {
		return InBubble, nil
	}
	if r := Runner(name); slices.Contains(Runners(), r) {
		return r, nil
	}
	return "", fmt.Errorf("unknown runner %q: expected one of: bubble, process, foreign, forwarder, container", name)
}

// RunnerOf is the runner for an agent that is not ours: Forwarder for the name of
// a plain forwarder (rsyslog, syslog-ng:durable), Foreign for any other command.
// An error says what is wrong with the name, or that the command isn't there.
func RunnerOf(agent []string) (Runner, error) {
	name, variant, plain := peer.Named(agent[0])
	if !plain || len(agent) > 1 {
		if _, err := exec.LookPath(agent[0]); err != nil {
			return Foreign, fmt.Errorf("-agent: expected rsyslog, syslog-ng or a command that is there: %w", err)
		}
		return Foreign, nil
	}
	_, err := peer.Find(name, variant)
	var missing *peer.Missing
	if errors.As(err, &missing) {
		err = nil // its scripts are skipped, and say so
	}
	return Forwarder, err
}

// A feature is what not every runner can do.
type feature string

const (
	featureCheckpoint feature = "agent checkpoint"
	featureWrongClock feature = "agent start -ahead, -behind"
	featureProxy      feature = "agent start -proxy"
	featureName       feature = "network name"
	featureBalancer   feature = "proxy balance"

	featureCutElsewhere feature = "network cut, mend, of two others than the agent"
	featureStaleName    feature = "network move"
)

// featureFault is the injection of a fault at one of the ends.
func featureFault(end, name string) feature { return feature(end + " fault " + name) }

// lacking is what each runner can't do, and why.
var lacking = map[Runner]map[feature]string{
	InBubble: {
		featureMachine: noMachine,
	},
	OnProcesses: {
		featureMachine:      noMachine,
		featureCutElsewhere: cutElsewhere,
	},
	Foreign: {
		featureMachine:      noMachine,
		featureBalancer:     foreignBalancer,
		featureCutElsewhere: cutElsewhere,
		featureCheckpoint:   "where a foreign agent keeps its place is not known",
		featureWrongClock:   "a foreign agent has the machine's clock",
		featureName:         foreignName,
	},
	Forwarder: {
		featureMachine:            noMachine,
		featureBalancer:           foreignBalancer,
		featureCutElsewhere:       cutElsewhere,
		featureCheckpoint:         "a plain forwarder keeps no place: it has what it was fed",
		featureWrongClock:         "a foreign agent has the machine's clock",
		featureName:               foreignName,
		featureProxy:              noService,
		"agent console":           "what a plain forwarder prints is its own",
		"agent exited":            "how a plain forwarder ends is its own",
		"cas contacted":           noContact,
		"cas fault":               noService,
		"cas pulled":              noService,
		"cas remove-admin":        noService,
		"cas throttled":           noService,
		"check held":              noContact,
		"check obeys-throttle":    noService,
		"portal delete":           noContact,
		"portal edit":             noContact,
		"portal notification":     noContact,
		"portal regenerate-token": noContact,
		"portal resolved":         noContact,
		"portal status":           noContact,
	},
	InContainers: {
		featureCutElsewhere: cutElsewhere,
	},
}

const (
	foreignBalancer = "a foreign agent is told where the receiver is, not the balancer"
	foreignName     = "a foreign agent finds names in a file of hosts, which always answers"

	noContact = "a plain forwarder makes no contact, so the portal knows nothing of it"
	noService = "a plain forwarder never asks the service: the Lab feeds it"
)

const noMachine = "the fakes are part of this process: they have no machine"

const cutElsewhere = "what is cut off hears nothing from anybody, so only the agent's own connections can be cut"

// Lacks says why the runner can't play the script; "" means that it can.
func (r Runner) Lacks(s *Script) (reason string) {
	for _, f := range slices.Sorted(maps.Keys(s.features)) {
		if why, lacks := lacking[r][f]; lacks {
			return fmt.Sprintf("%s: %s", f, why)
		}
	}
	return ""
}

// lacksHere says why the runner can't play the script on this machine, though it
// can on others; "" means that it can.
func (r Runner) lacksHere(s *Script) (reason string) {
	if (r == Foreign || r == Forwarder) && s.features[featureStaleName] && !mayHaveHosts() {
		return fmt.Sprintf("%s: a foreign agent gets names by a mount namespace, which takes Linux and root", featureStaleName)
	}
	return ""
}

func (r Result) skipped(why string) Result {
	r.Verdict, r.Reason = Skipped, "  "+why
	return r
}

// Play plays the script with a runner and times it. What the runner can't do is
// skipped.
func (r Runner) Play(t *testing.T, s *Script, o Options) (Result, error) {
	why := r.Lacks(s)
	if why == "" {
		why = r.lacksHere(s)
	}
	if why != "" {
		skipped := s.result(r, o).skipped(why)
		if o.Run != nil {
			*o.Run = Run{Result: skipped, Script: s}
		}
		return skipped, nil
	}
	var result Result
	var err error
	began := time.Now()
	switch r {
	case InBubble:
		Bubble(t, func() { result, err = s.Play(o) })
	case InContainers:
		result, err = s.playInContainers(o)
	default:
		result, err = s.playOnProcesses(r, o)
	}
	result.WallS = time.Since(began).Seconds()
	if o.Run != nil {
		o.Run.Result = result
	}
	return result, err
}

// RunInBubble plays the script in a bubble of its own and times it.
func RunInBubble(t *testing.T, s *Script, o Options) (Result, error) {
	return InBubble.Play(t, s, o)
}
