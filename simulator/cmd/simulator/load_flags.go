package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"siemdrill/simulator"
	loads "siemdrill/simulator/load" // load is what reads a scenario
)

const loadUsage = "[-agent AGENT]... [-rate N] [-for 30s] [-fault FAULT]... [-threshold T]... [-json FILE] [-page FILE] ... (simulator load -h lists all) | " +
	"compare A.json B.json | merge FILE|FOLDER ..."

// loadFlags is how a load test is made.
type loadFlags struct {
	settings   loads.Settings // Agent is that of each run
	agents     []loads.Agent
	skipped    []string // why agents that were asked for are not there
	thresholds thresholds
	rounds     int
	json       string // a file; empty: none
	page       string // a file; empty: none
	metrics    string // an address; empty: none
}

// given are flags that are read further when all are known.
type given struct {
	rate, throttle, shard string
	shards                int
}

// newLoadFlags declares the flags, and what each is for.
func newLoadFlags(how *loadFlags) (*flag.FlagSet, *given) {
	s, g := &how.settings, &given{}
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	flags.Func("agent", "what is tested, once or several times, side by side: process (the agent, in this process), siem-agent (its command) or a path to one, "+
		"rsyslog or syslog-ng, also as rsyslog:tuned or :durable, or a foreign agent's command with {token} {service} {ca} {receiver} {receiver_ca} {directory} in it, "+
		"which are in its environment too, as SIEMDRILL_TOKEN and so on", how.addAgent)
	flags.IntVar(&how.rounds, "rounds", 1, "runs of each agent, in turn")
	flags.StringVar(&g.rate, "rate", "1000", "activities a second: N, A..B (a ramp), A,B,C (steps) or max (a backlog of 100,000 is kept up)")
	flags.Float64Var(&s.Alerts, "alerts", 0, "the share of these that are alerts, 0 to 1; the service lists them 100 at a time")
	flags.DurationVar(&s.For, "for", 30*time.Second, "how long activities are created")
	flags.DurationVar(&s.Drain, "drain", time.Minute, "the longest wait, after that, for what is still to come")
	flags.IntVar(&s.Agents, "agents", 1, "how many there are at once, each with a receiver and a tenant of its own")
	flags.BoolVar(&s.Shared, "shared", false, "the agents have one tenant, and its throttle, together")
	flags.StringVar((*string)(&s.Transport), "transport", "tcp", "tcp, udp or tls")
	flags.StringVar((*string)(&s.Framing), "framing", "", "non-transparent or octet-counting; empty: as usual over the transport")
	flags.StringVar(&g.throttle, "throttle", "documented", "documented, or off: no limit to requests, nothing withheld, a pull a second")
	flags.DurationVar(&s.Withhold, "withhold", -1, "records younger than that are not listed yet; -1: 5s, or 0 with -throttle off")
	flags.DurationVar(&s.Pull, "pull", 0, "between two pulls; 0: 30s, or 1s with -throttle off")
	flags.Func("fault", "'at 10s [cas:]FAULT [KEY=VALUE ...] [for 5s]', as often as wanted; cas: is one of the service", func(text string) error {
		f, err := loads.ParseFault(text)
		s.Faults = append(s.Faults, f)
		return err
	})
	flags.Var(&how.thresholds, "threshold", "'age.p99<2s', 'lost<=10', 'rate>90000 during fault': what must hold, as often as wanted; else the exit status is 1; without one of lost nothing may be lost")
	flags.Uint64Var(&s.Seed, "seed", 1, "of ids, records and choices")
	flags.StringVar(&g.shard, "shard", "", "I/N: this process is the I-th of N that make up the load, from 0 on")
	flags.IntVar(&g.shards, "shards", 1, "N: the same, and I is in JOB_COMPLETION_INDEX, as in an Indexed Job of Kubernetes")
	flags.DurationVar(&s.Calibrate, "calibrate", 6*time.Second, "trying generator and receiver without an agent, half before the run and half after it; 0: not")
	flags.StringVar(&how.json, "json", "", "write the results to this file, one a line")
	flags.StringVar(&how.page, "page", "", "write the results to this file as an HTML page")
	flags.StringVar(&how.metrics, "metrics", "", "serve the progress to Prometheus on this address of the loopback")
	return flags, g
}

// parseLoad reads the flags; what is wrong is one line.
func parseLoad(args []string) (loadFlags, error) {
	var how loadFlags
	flags, given := newLoadFlags(&how)
	if err := parse(flags, args); err != nil {
		return how, err
	}
	if flags.NArg() > 0 {
		return how, fmt.Errorf("load: %q: expected flags, compare or merge", flags.Arg(0))
	}
	s := &how.settings
	var err error
	if s.Shard, s.Shards, err = shardOf(given.shard, given.shards, os.Getenv); err != nil {
		return how, fmt.Errorf("load: %w", err)
	}
	return how, how.complete(given.throttle, given.rate)
}

// addAgent takes one more that is to be tested, if it is installed.
func (how *loadFlags) addAgent(text string) error {
	a, err := loads.ParseAgent(text, simulator.AgentBinary)
	switch {
	case loads.Missing(err) && !strings.Contains(os.Getenv("SIEMDRILL_REQUIRE"), "peers"):
		how.skipped = append(how.skipped, err.Error())
	case err != nil:
		return err
	default:
		how.agents = append(how.agents, a)
	}
	return nil
}

// shardOf is which shard of how many this is. With only -shards it is the one
// whose number a Kubernetes Job gives to its pod.
func shardOf(shard string, shards int, environment func(string) string) (i, n int, err error) {
	const index = "JOB_COMPLETION_INDEX"
	switch {
	case shard != "" && shards != 1:
		return 0, 0, errors.New("expected one of -shard and -shards")
	case shard != "":
		if read, err := fmt.Sscanf(shard, "%d/%d", &i, &n); read != 2 || err != nil {
			return 0, 0, fmt.Errorf("-shard %q: expected I/N, I from 0 to N-1", shard)
		}
	case shards > 1:
		if i, err = strconv.Atoi(environment(index)); err != nil {
			return 0, 0, fmt.Errorf("-shards %d: expected the number of this shard in %s, or -shard I/%d", shards, index, shards)
		}
		n = shards
	default:
		i, n = 0, shards
	}
	return i, n, nil
}

// complete fills in what follows from several flags.
func (how *loadFlags) complete(throttle, rate string) error {
	s := &how.settings
	switch throttle {
	case "documented":
		s.Throttle = true
		if s.Withhold < 0 {
			s.Withhold = 5 * time.Second
		}
	case "off": // nor what else of the service makes events old
		s.Withhold = max(s.Withhold, 0)
		if s.Pull == 0 {
			s.Pull = time.Second
		}
	default:
		return fmt.Errorf("load: -throttle %q: expected documented or off", throttle)
	}
	var err error
	if s.Profile, err = loads.ParseProfile(rate); err != nil {
		return fmt.Errorf("load: -rate: %w", err)
	}
	if how.rounds < 1 {
		return fmt.Errorf("load: -rounds %d: expected 1 or more", how.rounds)
	}
	if len(how.agents) == 0 && len(how.skipped) > 0 {
		return fmt.Errorf("load: skipped, nothing is left to be tested: %s", strings.Join(how.skipped, "; "))
	}
	if len(how.agents) == 0 {
		how.agents = []loads.Agent{{}}
	}
	for _, s.Agent = range how.agents {
		if err := s.Validate(); err != nil {
			return fmt.Errorf("load: -%w", err)
		}
	}
	return nil
}

// thresholds is a flag that may be given several times.
type thresholds []loads.Threshold

func (all *thresholds) String() string { return "" }

func (all *thresholds) Set(text string) error {
	t, err := loads.ParseThreshold(text)
	*all = append(*all, t)
	return err
}
