package simulator

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"
)

// Runner is a way to play scripts. Each gives the same verdict, or skips a
// script whole and says why.
type Runner string

// The runners.
const (
	InBubble    Runner = "bubble"  // all in one process, in memory; the default
	OnProcesses Runner = "process" // the agent is a process, the network the kernel's loopback
	Foreign     Runner = "foreign" // as process, with any command in place of the agent

	InContainers Runner = "container" // agent, service and receiver in containers, in real time
)

// Runners are all of them.
func Runners() []Runner { return []Runner{InBubble, OnProcesses, Foreign, InContainers} }

// ParseRunner reads a runner's name; none is the default's.
func ParseRunner(name string) (Runner, error) {
	if name == "" {
		return InBubble, nil
	}
	if r := Runner(name); slices.Contains(Runners(), r) {
		return r, nil
	}
	return "", fmt.Errorf("unknown runner %q: expected one of: bubble, process, foreign, container", name)
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
		featureBalancer:     "a foreign agent is told where the receiver is, not the balancer",
		featureCutElsewhere: cutElsewhere,
		featureCheckpoint:   "where a foreign agent keeps its place is not known",
		featureWrongClock:   "a foreign agent has the machine's clock",
		featureName:         "a foreign agent is given addresses: it asks the machine for names",
		featureStaleName:    "a foreign agent is given addresses: it can't follow a name",
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

// tooLong says whether the script would take too long for a runner in real time.
func (r Runner) tooLong(s *Script) bool { return r == InContainers && s.lasts > realLimit }

func (r Result) skipped(why string) Result {
	r.Verdict, r.Reason = Skipped, "  "+why
	return r
}

// Play plays the script with a runner and times it. What the runner can't do is
// skipped.
func (r Runner) Play(t *testing.T, s *Script, o Options) (Result, error) {
	if why := r.Lacks(s); why != "" {
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
