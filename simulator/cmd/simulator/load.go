package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"time"

	"siemdrill/simulator"
	loads "siemdrill/simulator/load" // load is what reads a scenario
)

const loadUsage = "[-rate N|A..B|A,B,C|max] [-for 30s] [-agent process|binary] [-agents N [-shared]] [-transport tcp|udp|tls] [-framing F] [-throttle documented|off] " +
	"[-withhold T] [-pull T] [-fault 'at 10s [cas:]FAULT [KEY=VALUE ...] [for 5s]']... [-threshold 'age.p99<2s [during fault]']... [-runs N] [-seed N] [-shard I/N] [-drain 1m] [-calibrate 6s] [-json FILE] [-page FILE] [-metrics 127.0.0.1:PORT] | compare A.json B.json | merge FILE ..."

// loadFlags is how a load test is made.
type loadFlags struct {
	settings   loads.Settings
	thresholds []loads.Threshold
	runs       int
	json       string // a file; empty: none
	page       string // a file, of the last run; empty: none
	metrics    string // an address; empty: none
	agent      string
}

// loadTest measures, compares or merges.
func loadTest(args []string) error {
	if len(args) > 0 && args[0] == "compare" {
		return compareLoads(args[1:])
	}
	if len(args) > 0 && args[0] == "merge" {
		return mergeLoads(args[1:])
	}
	how, err := parseLoad(args)
	if err != nil {
		return err
	}
	if how.agent == "binary" {
		if how.settings.Binary, err = simulator.AgentBinary(); err != nil {
			return fmt.Errorf("load: %w", err)
		}
		defer simulator.RemoveBinary()
	}
	how.settings.Call = callOf(args)
	return how.play()
}

// callOf is the call as a shell reads it.
func callOf(args []string) string {
	call := "simulator load"
	for _, arg := range args {
		if strings.ContainsAny(arg, " <>'") {
			arg = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
		}
		call += " " + arg
	}
	return call
}

// parseLoad reads the flags; what is wrong is one line.
func parseLoad(args []string) (loadFlags, error) {
	var how loadFlags
	s := &how.settings
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	rate, ramp, steps := flags.String("rate", "", ""), flags.String("ramp", "", ""), flags.String("steps", "", "")
	flags.DurationVar(&s.For, "for", 30*time.Second, "")
	flags.DurationVar(&s.Drain, "drain", time.Minute, "")
	flags.DurationVar(&s.Calibrate, "calibrate", 6*time.Second, "")
	flags.DurationVar(&s.Withhold, "withhold", -1, "")
	flags.DurationVar(&s.Pull, "pull", 0, "")
	flags.StringVar(&how.agent, "agent", "process", "")
	flags.IntVar(&s.Agents, "agents", 1, "")
	flags.BoolVar(&s.Shared, "shared", false, "")
	flags.StringVar((*string)(&s.Transport), "transport", "tcp", "")
	flags.StringVar((*string)(&s.Framing), "framing", "", "")
	throttle := flags.String("throttle", "documented", "")
	flags.Uint64Var(&s.Seed, "seed", 1, "")
	shard := flags.String("shard", "0/1", "")
	flags.IntVar(&how.runs, "runs", 1, "")
	flags.StringVar(&how.json, "json", "", "")
	flags.StringVar(&how.page, "page", "", "")
	flags.StringVar(&how.metrics, "metrics", "", "")
	flags.Func("fault", "", func(text string) error {
		f, err := loads.ParseFault(text)
		s.Faults = append(s.Faults, f)
		return err
	})
	flags.Func("threshold", "", func(text string) error {
		t, err := loads.ParseThreshold(text)
		how.thresholds = append(how.thresholds, t)
		return err
	})
	if err := parse(flags, args); err != nil {
		return how, err
	}
	if n, err := fmt.Sscanf(*shard, "%d/%d", &s.Shard, &s.Shards); n != 2 || err != nil {
		return how, fmt.Errorf("load: -shard %q: expected I/N, I from 0 to N-1", *shard)
	}
	if flags.NArg() > 0 {
		return how, fmt.Errorf("load: %q: expected flags, compare or merge", flags.Arg(0))
	}
	return how, how.complete(*throttle, *rate, *ramp, *steps)
}

// complete fills in what follows from several flags.
func (how *loadFlags) complete(throttle string, rates ...string) error {
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
	profile := ""
	for _, rate := range rates {
		if rate != "" && profile != "" {
			return errors.New("load: expected one of -rate, -ramp and -steps")
		}
		profile += rate
	}
	if profile == "" {
		profile = "1000"
	}
	var err error
	if s.Profile, err = loads.ParseProfile(profile); err != nil {
		return fmt.Errorf("load: -rate: %w", err)
	}
	if how.agent != "process" && how.agent != "binary" {
		return fmt.Errorf("load: -agent %q: expected process or binary", how.agent)
	}
	if how.runs < 1 {
		return fmt.Errorf("load: -runs %d: expected 1 or more", how.runs)
	}
	if err := s.Validate(); err != nil {
		return fmt.Errorf("load: -%w", err)
	}
	return nil
}

// play makes the runs, shows each, and says whether all went well.
func (how loadFlags) play() error {
	// The fakes' pages are large and short-lived: at the usual pace the collector
	// takes a third of the generator's time.
	debug.SetGCPercent(400)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	context.AfterFunc(ctx, stop) // the first signal ends the load, the next one the program
	var live loads.Live
	if how.metrics != "" {
		if _, err := live.Start(how.metrics); err != nil {
			return fmt.Errorf("load: -metrics: %w", err)
		}
		defer live.Close()
	}
	var file *os.File
	if how.json != "" {
		var err error
		if file, err = os.Create(how.json); err != nil {
			return fmt.Errorf("load: %w", err)
		}
		defer file.Close()
	}
	failed := false
	for range how.runs {
		result, err := how.once(ctx, &live)
		if err == nil && file != nil {
			err = json.NewEncoder(file).Encode(result)
		}
		if err == nil && how.page != "" {
			err = writePage(how.page, result)
		}
		if err != nil {
			return fmt.Errorf("load: %w", err)
		}
		failed = failed || len(result.Failures) > 0
	}
	if failed {
		return errFailed
	}
	return nil
}

// once makes one run and prints what it measured.
func (how loadFlags) once(ctx context.Context, live *loads.Live) (loads.Result, error) {
	show := newProgress(os.Stderr)
	result, err := loads.Run(ctx, how.settings, func(s loads.Sample, left time.Duration) {
		live.Set(s)
		show.sample(s, left)
	})
	show.end()
	if err != nil {
		return result, err
	}
	for _, t := range how.thresholds {
		if why := t.Check(result); why != "" {
			result.Failures = append(result.Failures, why)
		}
	}
	return result, result.Write(os.Stdout)
}

func writePage(name string, result loads.Result) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(result.WritePage(file), file.Close())
}
