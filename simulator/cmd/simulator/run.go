package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"siemdrill/scenarios"
	"siemdrill/simulator"
)

// runFlags is how scenarios are played.
type runFlags struct {
	runner  simulator.Runner
	agent   []string // a foreign one's command
	json    bool
	seed    uint64
	wall    time.Duration
	history string
	report  string // a folder; empty: none
	github  bool
}

func run(args []string) error {
	var how runFlags
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	runner := flags.String("runner", "bubble", "")
	agent := flags.String("agent", "", "")
	flags.BoolVar(&how.json, "json", false, "")
	flags.Uint64Var(&how.seed, "seed", 1, "")
	flags.DurationVar(&how.wall, "wall", 0, "")
	flags.StringVar(&how.history, "history", "", "")
	flags.StringVar(&how.report, "report", "", "")
	flags.BoolVar(&how.github, "github", false, "")
	if err := parse(flags, args); err != nil {
		return err
	}
	var err error
	if how.runner, err = simulator.ParseRunner(*runner); err != nil {
		return fmt.Errorf("run: -runner: %w", err)
	}
	how.agent = strings.Fields(*agent)
	if err := how.chooseRunner(); err != nil {
		return fmt.Errorf("run: %w", err)
	}
	if how.wall == 0 {
		how.wall = wallLimit(how.runner)
	}
	if flags.NArg() == 0 {
		return errors.New("run: expected a scenario: a file, or an id that simulator list shows")
	}
	if how.json && how.github {
		return errors.New("run: -json and -github both write lines for a program: choose one")
	}
	var scripts []*simulator.Script
	for _, name := range flags.Args() {
		s, err := load(name)
		if err != nil {
			return err
		}
		scripts = append(scripts, s)
	}
	simulator.Main(func(t *testing.T) int {
		status := how.play(t, scripts)
		if err := errors.Join(machines.Close(), simulator.RemoveBinary()); err != nil {
			complain("run: %v", err)
		}
		return status
	})
	return nil
}

// chooseRunner goes by the agent, if one is given.
func (how *runFlags) chooseRunner() error {
	foreign := how.runner == simulator.Foreign || how.runner == simulator.Forwarder
	if len(how.agent) == 0 {
		if foreign {
			return fmt.Errorf("-runner %s: expected -agent 'COMMAND ...', or -agent rsyslog or syslog-ng", how.runner)
		}
		return nil
	}
	if how.runner != simulator.InBubble && how.runner != simulator.OnProcesses && !foreign {
		return fmt.Errorf("-agent: not with -runner %s", how.runner)
	}
	var err error
	how.runner, err = simulator.RunnerOf(how.agent)
	return err
}

// wallLimit is how long one scenario may take in real time unless the call says.
func wallLimit(r simulator.Runner) time.Duration {
	switch r {
	case simulator.InContainers, simulator.Foreign, simulator.Forwarder: // they wait in real time
		return 10 * time.Minute
	}
	return time.Minute
}

// load reads a scenario from a file, or from the catalogue by its id.
func load(name string) (*simulator.Script, error) {
	data, err := os.ReadFile(name)
	if err == nil {
		return simulator.ParseScript(name, data)
	}
	file := name + ".txtar"
	if data, inCatalogue := scenarios.File(file); inCatalogue {
		return simulator.ParseScript("scenarios/"+file, data)
	}
	if errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("%s: no such file, and no scenario of the catalogue (simulator list shows them)", name)
	}
	return nil, err
}

// play plays the scripts one after the other and returns the exit status.
func (how runFlags) play(t *testing.T, scripts []*simulator.Script) int {
	out, err := how.open()
	if err != nil {
		return complain("run: %v", err)
	}
	status := exitPassed
	for _, s := range scripts {
		run, err := how.playOne(t, s, out)
		if err == nil {
			err = out.add(run)
		}
		if err != nil {
			complain("%s: %v", s.File, err)
			status = exitFailed
			break
		}
	}
	if err := out.close(); err != nil {
		complain("run: %v", err)
		return exitFailed
	}
	if !out.total.AllPassed() {
		return exitFailed
	}
	return status
}

func (how runFlags) playOne(t *testing.T, s *simulator.Script, out *output) (simulator.Run, error) {
	var now atomic.Pointer[string]
	stop := how.watch(s, &now, out)
	defer stop()
	run := simulator.Run{Script: s}
	options := simulator.Options{Seed: how.seed, Agent: how.agent, Now: &now, Run: &run, Machines: machines.Machines}
	if out.history != nil {
		options.History = out.history
	}
	_, err := how.runner.Play(t, s, options)
	return run, err
}

// complain says what is wrong in one line, and returns the status of a call
// that is.
func complain(format string, args ...any) int {
	fmt.Fprintf(os.Stderr, "simulator: "+format+"\n", args...)
	return exitUsage
}

// watch ends the process when a script takes longer than it may in real time,
// from outside of its bubble, where time may stand still for ever.
func (how runFlags) watch(s *simulator.Script, now *atomic.Pointer[string], out *output) (stop func()) {
	timer := time.AfterFunc(how.wall, func() {
		command := "(its first command)"
		if line := now.Load(); line != nil {
			command = *line
		}
		reason := fmt.Sprintf("still at %q after %s of real time (-wall)", command, how.wall)
		complain("%s: %s", s.File, reason)
		if err := out.abandon(s, how.seed, how.wall, reason); err != nil {
			complain("run: %v", err)
		}
		os.Exit(exitFailed)
	})
	return func() { timer.Stop() }
}
