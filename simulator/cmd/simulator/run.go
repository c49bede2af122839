package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"siemdrill/scenarios"
	"siemdrill/simulator"
)

// runFlags is how scenarios are played.
type runFlags struct {
	json    bool
	seed    uint64
	wall    time.Duration
	history string
}

func run(args []string) error {
	var how runFlags
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	flags.BoolVar(&how.json, "json", false, "")
	flags.Uint64Var(&how.seed, "seed", 1, "")
	flags.DurationVar(&how.wall, "wall", time.Minute, "")
	flags.StringVar(&how.history, "history", "", "")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("run: expected a scenario: a file, or an id that simulator list shows")
	}
	var scripts []*simulator.Script
	for _, name := range flags.Args() {
		s, err := load(name)
		if err != nil {
			return err
		}
		scripts = append(scripts, s)
	}
	simulator.Main(func(t *testing.T) int { return how.play(t, scripts) })
	return nil
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
	history, err := how.openHistory()
	if err != nil {
		fmt.Fprintln(os.Stderr, "simulator: run: "+err.Error())
		return exitUsage
	}
	report := &simulator.Report{W: os.Stdout}
	for _, s := range scripts {
		var now atomic.Pointer[string]
		stop := how.watch(s, &now)
		options := simulator.Options{Seed: how.seed, Now: &now}
		if history != nil {
			options.History = history
		}
		r, err := simulator.RunInBubble(t, s, options)
		stop()
		if err != nil {
			fmt.Fprintf(os.Stderr, "simulator: %s: %v\n", s.File, err)
			return exitFailed
		}
		how.show(report, r)
	}
	if !how.json {
		report.Total()
	}
	if history != nil {
		if err := history.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "simulator: run: "+err.Error())
			return exitFailed
		}
	}
	if !report.AllPassed() {
		return exitFailed
	}
	return exitPassed
}

func (how runFlags) openHistory() (*os.File, error) {
	if how.history == "" {
		return nil, nil
	}
	return os.Create(how.history)
}

func (how runFlags) show(report *simulator.Report, r simulator.Result) {
	if !how.json {
		report.Add(r)
		return
	}
	report.Note(r)
	simulator.WriteJSON(os.Stdout, r)
}

// watch ends the process when a script takes longer than it may in real time,
// from outside of its bubble, where time may stand still for ever.
func (how runFlags) watch(s *simulator.Script, now *atomic.Pointer[string]) (stop func()) {
	timer := time.AfterFunc(how.wall, func() {
		command := "(its first command)"
		if line := now.Load(); line != nil {
			command = *line
		}
		fmt.Fprintf(os.Stderr, "simulator: %s: still at %q after %s of real time (-wall)\n", s.File, command, how.wall)
		os.Exit(exitFailed)
	})
	return func() { timer.Stop() }
}
