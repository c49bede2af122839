package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	loads "siemdrill/simulator/load" // load is what reads a scenario
)

// mergeLoads joins the results of shards: JSON on the standard output, the table
// on the standard error, since the next program wants the first.
func mergeLoads(args []string) error {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	var limits thresholds
	flags.Var(&limits, "threshold", "")
	wait := flags.Duration("wait", 0, "")
	page := flags.String("page", "", "")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return errors.New("load merge: expected the results of at least one shard: files that -json wrote, or folders of them")
	}
	shards, err := awaitShards(flags.Args(), *wait)
	if err != nil {
		return fmt.Errorf("load merge: %w", err)
	}
	whole, err := loads.Merge(shards)
	if err != nil {
		return fmt.Errorf("load merge: %w", err)
	}
	loads.Judge(&whole, limits)
	if err := json.NewEncoder(os.Stdout).Encode(whole); err != nil {
		return err
	}
	if *page != "" {
		if err := writePage(*page, []loads.Result{whole}); err != nil {
			return fmt.Errorf("load merge: %w", err)
		}
	}
	if err := whole.Write(os.Stderr); err != nil {
		return err
	}
	if len(whole.Failures) > 0 {
		return errFailed
	}
	return nil
}

// awaitShards reads results until all shards are there, or the time is over;
// what is there then is an answer, unless it is nothing.
func awaitShards(names []string, limit time.Duration) ([]loads.Result, error) {
	const often = 200 * time.Millisecond
	for began := time.Now(); ; time.Sleep(often) { // files on a volume: nothing tells
		shards, err := readShards(names)
		waiting := err == nil && !complete(shards) || errors.Is(err, fs.ErrNotExist)
		if !waiting || time.Since(began) >= limit {
			return shards, err
		}
	}
}

func complete(shards []loads.Result) bool {
	joined := 0
	for _, s := range shards {
		joined += len(s.Joined)
	}
	return len(shards) > 0 && joined >= shards[0].Shards
}

// readShards reads files, and every .json file of folders.
func readShards(names []string) (shards []loads.Result, err error) {
	for _, name := range names {
		files := []string{name}
		if info, err := os.Stat(name); err == nil && info.IsDir() {
			if files, err = filepath.Glob(filepath.Join(name, "*.json")); err != nil {
				return nil, err
			}
			slices.Sort(files)
		}
		for _, file := range files {
			results, err := readLoads(file)
			if err != nil {
				return nil, err
			}
			shards = append(shards, results...)
		}
	}
	return shards, nil
}
