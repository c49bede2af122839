package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"siemdrill/simulator"
	"siemdrill/simulator/fleet"
)

const fleetUsage = "[-agents N[,N...]] [-for 24h] [-every 10m] [-shared] [-throttle documented|off] [-seed N] [-wall 1h] [-json]"

// fleetFlags is how a fleet is run.
type fleetFlags struct {
	settings fleet.Settings
	sizes    []int
	wall     time.Duration
	json     bool
}

// runFleet runs a fleet in a bubble, or several of growing size.
func runFleet(args []string) error {
	how, err := parseFleet(args)
	if err != nil {
		return err
	}
	simulator.Main(how.play)
	return nil
}

func parseFleet(args []string) (fleetFlags, error) {
	var how fleetFlags
	s := &how.settings
	flags := flag.NewFlagSet("fleet", flag.ContinueOnError)
	agents := flags.String("agents", "10", "")
	flags.DurationVar(&s.For, "for", 24*time.Hour, "")
	flags.DurationVar(&s.Every, "every", 10*time.Minute, "")
	flags.BoolVar(&s.Shared, "shared", false, "")
	throttle := flags.String("throttle", "documented", "")
	flags.Uint64Var(&s.Seed, "seed", 1, "")
	flags.DurationVar(&how.wall, "wall", time.Hour, "")
	flags.BoolVar(&how.json, "json", false, "")
	if err := parse(flags, args); err != nil {
		return how, err
	}
	if flags.NArg() > 0 {
		return how, fmt.Errorf("fleet: %q: expected flags only", flags.Arg(0))
	}
	switch *throttle {
	case "documented":
	case "off":
		s.Free = true
	default:
		return how, fmt.Errorf("fleet: -throttle %q: expected documented or off", *throttle)
	}
	for _, word := range strings.Split(*agents, ",") {
		n, err := strconv.Atoi(word)
		if err != nil {
			return how, fmt.Errorf("fleet: -agents %q: expected a number, or several with commas between them", *agents)
		}
		s.Agents = n
		if err := s.Validate(); err != nil {
			return how, fmt.Errorf("fleet: -%w", err)
		}
		how.sizes = append(how.sizes, n)
	}
	return how, nil
}

// play runs one fleet after the other and returns the exit status.
func (how fleetFlags) play(t *testing.T) int {
	var results []fleet.Result
	status := exitPassed
	for _, n := range how.sizes {
		s := how.settings
		s.Agents = n
		result, err := how.once(t, s)
		if err == nil {
			err = how.print(result)
		}
		if err != nil {
			return complain("fleet: %v", err)
		}
		if len(result.Failures) > 0 {
			status = exitFailed
		}
		results = append(results, result)
	}
	if len(results) > 1 && !how.json {
		fmt.Println()
		if err := fleet.WriteGrowth(os.Stdout, results); err != nil {
			return complain("fleet: %v", err)
		}
	}
	return status
}

// once runs a fleet. What takes longer than it may in real time is ended from
// outside of its bubble, where time may stand still for ever.
func (how fleetFlags) once(t *testing.T, s fleet.Settings) (fleet.Result, error) {
	defer time.AfterFunc(how.wall, func() {
		complain("fleet: not over after %s of real time (-wall)", how.wall)
		os.Exit(exitFailed)
	}).Stop()
	show := newProgress(os.Stderr)
	defer show.end()
	return fleet.Run(t, s, func(p fleet.Progress) {
		show.line(fmt.Sprintf("%d agents: %.0f of %.0f virtual hours, %.1f s of processor time, %d MiB resident",
			s.Agents, p.Over.Hours(), s.For.Hours(), p.CPU.Seconds(), p.Resident>>20))
	})
}

func (how fleetFlags) print(r fleet.Result) error {
	if how.json {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	return r.Write(os.Stdout)
}
