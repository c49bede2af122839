package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"siemdrill/simulator"
	loads "siemdrill/simulator/load" // load is what reads a scenario
)

// loadTest measures, compares or merges.
func loadTest(args []string) error {
	if len(args) > 0 && args[0] == "compare" {
		return compareLoads(args[1:])
	}
	if len(args) > 0 && args[0] == "merge" {
		return mergeLoads(args[1:])
	}
	if len(args) == 1 && strings.TrimLeft(args[0], "-") == "h" {
		fmt.Println("usage: simulator load", loadUsage)
		flags, _ := newLoadFlags(new(loadFlags))
		flags.SetOutput(os.Stdout)
		flags.PrintDefaults()
		return nil
	}
	defer simulator.RemoveBinary()
	how, err := parseLoad(args)
	if err != nil {
		return err
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
	file, err := createResults(how.json)
	if err != nil {
		return fmt.Errorf("load: -json: %w", err)
	}
	for _, why := range how.skipped {
		fmt.Fprintln(os.Stderr, "skipped:", why)
	}
	results, err := how.runs(ctx, &live, file)
	err = errors.Join(err, file.close())
	if len(results) > 1 && err == nil {
		fmt.Println()
		err = loads.WriteSideBySide(os.Stdout, results)
	}
	if how.page != "" && err == nil {
		err = writePage(how.page, results)
	}
	if err != nil {
		return fmt.Errorf("load: %w", err)
	}
	if slices.ContainsFunc(results, func(r loads.Result) bool { return len(r.Failures) > 0 }) {
		return errFailed
	}
	return nil
}

// runs makes the runs, an agent after the other in each round, so that what else
// the machine does meets all of them.
func (how loadFlags) runs(ctx context.Context, live *loads.Live, file *resultsFile) (results []loads.Result, err error) {
	several := len(how.agents)*how.rounds > 1
	for round := range how.rounds {
		for _, how.settings.Agent = range how.agents {
			if ctx.Err() != nil && len(results) > 0 {
				return results, nil // what was measured counts
			}
			if several {
				fmt.Printf("\nround %d, %s\n", round+1, how.settings.Agent)
			}
			result, err := how.once(ctx, live)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", how.settings.Agent, err)
			}
			results = append(results, result)
			if err := file.add(result); err != nil {
				return nil, err
			}
		}
	}
	return results, nil
}

// once makes one run and prints what it measured.
func (how loadFlags) once(ctx context.Context, live *loads.Live) (loads.Result, error) {
	show := newProgress(os.Stderr)
	result, err := loads.Run(ctx, how.settings, func(s loads.Sample, left time.Duration) {
		live.Set(s)
		show.sample(s, left, how.settings.Stands(s.At))
	})
	show.end()
	if err != nil {
		return result, err
	}
	loads.Judge(&result, how.thresholds)
	return result, result.Write(os.Stdout)
}

// resultsFile has its name once it is whole, so that whoever waits for it reads
// no half of one. A nil one takes results and keeps none.
type resultsFile struct {
	name string
	file *os.File
}

func createResults(name string) (*resultsFile, error) {
	if name == "" {
		return nil, nil
	}
	if err := os.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err // an older one would be taken for this one's
	}
	file, err := os.Create(name + ".part")
	return &resultsFile{name, file}, err
}

func (f *resultsFile) add(r loads.Result) error {
	if f == nil {
		return nil
	}
	return json.NewEncoder(f.file).Encode(r)
}

func (f *resultsFile) close() error {
	if f == nil {
		return nil
	}
	if err := f.file.Close(); err != nil {
		return err
	}
	return os.Rename(f.file.Name(), f.name)
}

func writePage(name string, results []loads.Result) error {
	file, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(loads.WritePage(file, results), file.Close())
}
