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
)

// Runners are all of them.
func Runners() []Runner { return []Runner{InBubble, OnProcesses, Foreign} }

// ParseRunner reads a runner's name; none is the default's.
func ParseRunner(name string) (Runner, error) {
	if name == "" {
		return InBubble, nil
	}
	if r := Runner(name); slices.Contains(Runners(), r) {
		return r, nil
	}
	return "", fmt.Errorf("unknown runner %q: expected one of: bubble, process, foreign", name)
}

// A feature is what not every runner can do.
type feature string

const (
	featurePause      feature = "agent pause"
	featureCheckpoint feature = "agent checkpoint"
	featureWrongClock feature = "agent start -ahead, -behind"
	featureName       feature = "network name"

	featureCutElsewhere feature = "network cut, mend, of two others than the agent"
	featureStaleName    feature = "network move"
)

// featureFault is the injection of a fault at one of the ends.
func featureFault(end, name string) feature { return feature(end + " fault " + name) }

// lacking is what each runner can't do, and why.
var lacking = map[Runner]map[feature]string{
	InBubble: {
		featurePause: "goroutines can't be paused",
	},
	OnProcesses: {
		featureCutElsewhere: cutElsewhere,
		featureFault("syslog", "half-close"): "whether the agent sees the end of the receiver's stream before it has sent everything is a race " +
			"between two processes at one instant, and the script's verdict hangs on it",
	},
	Foreign: {
		featureCutElsewhere: cutElsewhere,
		featureCheckpoint:   "where a foreign agent keeps its place is not known",
		featureWrongClock:   "a foreign agent has the machine's clock",
		featureName:         "a foreign agent is given addresses: it asks the machine for names",
		featureStaleName:    "a foreign agent is given addresses: it can't follow a name",
	},
}

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

// Play plays the script with a runner and times it. What the runner can't do is
// skipped.
func (r Runner) Play(t *testing.T, s *Script, o Options) (Result, error) {
	if why := r.Lacks(s); why != "" {
		skipped := s.result(r, o)
		skipped.Verdict, skipped.Reason = Skipped, "  "+why
		if o.Run != nil {
			*o.Run = Run{Result: skipped, Script: s}
		}
		return skipped, nil
	}
	var result Result
	var err error
	began := time.Now()
	if r == InBubble {
		Bubble(t, func() { result, err = s.Play(o) })
	} else {
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
