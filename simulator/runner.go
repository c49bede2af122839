package simulator

import (
	"errors"
	"fmt"
	"maps"
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

	InContainers Runner = "container" // agent, service and receiver in containers, in real time
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
// An error says what is wrong with the name.
func RunnerOf(agent []string) (Runner, error) {
	name, variant, plain := peer.Named(agent[0])
	if !plain || len(agent) > 1 {
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
	featurePause      feature = "agent pause"
	featureCheckpoint feature = "agent checkpoint"
	featureWrongClock feature = "agent start -ahead, -behind"
	featureName       feature = "network name"
	featureInstant    feature = "advance -to"
	featureProxy      feature = "agent start -proxy"
	featureTLS        feature = "local.tls"
	featureBalancer   feature = "proxy balance"

	featureCutElsewhere feature = "network cut, mend, of two others than the agent"
	featureStaleName    feature = "network move"
)

// featureFault is the injection of a fault at one of the ends.
func featureFault(end, name string) feature { return feature(end + " fault " + name) }

// lacking is what each runner can't do, and why.
var lacking = map[Runner]map[feature]string{
	InBubble: {
		featurePause:   "goroutines can't be paused",
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
		featureBalancer:     "there is no load balancer among the containers",
		featureCutElsewhere: cutElsewhere,
		featureCheckpoint:   "the agent's files are in a container",
		featureWrongClock:   "all containers have the machine's clock",
		featureInstant:      "time can't be stepped in containers, and how long this takes is not known before",
		featureProxy:        "there is no proxy among the containers",
		"cas remove-admin":  "the service's control API has no administrators",
		"syslog receiver":   "the receiver's program can't change its kind while it runs",
		"syslog received":   "the receiver's control API gives no lines",
		featureTLS:          "the agent's machine has no certificate of the receiver's",
	},
}

// realLimit is the most that is waited for in real time.
const realLimit = 5 * time.Minute

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
	if r.tooLong(s) {
		return fmt.Sprintf("advance: it lets %s pass, and in containers time is real: at most %s are waited for", s.lasts, realLimit)
	}
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

// tooLong says whether the script would take too long for a runner in real time.
func (r Runner) tooLong(s *Script) bool { return r == InContainers && s.lasts > realLimit }

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
