package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"

	loads "siemdrill/simulator/load" // load is what reads a scenario
)

// compareLoads prints how the runs in one file compare with those in another.
func compareLoads(files []string) error {
	if len(files) != 2 {
		return errors.New("load compare: expected two files that -json wrote: A.json B.json")
	}
	a, err := readLoads(files[0])
	if err != nil {
		return fmt.Errorf("load compare: %w", err)
	}
	b, err := readLoads(files[1])
	if err != nil {
		return fmt.Errorf("load compare: %w", err)
	}
	ratios, err := loads.Compare(a, b)
	if err != nil {
		return fmt.Errorf("load compare: %w", err)
	}
	return loads.WriteRatios(os.Stdout, ratios)
}

// mergeLoads joins the results of shards: JSON on the standard output, the table
// on the standard error, since the next program wants the first.
func mergeLoads(files []string) error {
	var shards []loads.Result
	for _, name := range files {
		results, err := readLoads(name)
		if err != nil {
			return fmt.Errorf("load merge: %w", err)
		}
		shards = append(shards, results...)
	}
	whole, err := loads.Merge(shards)
	if err != nil {
		return fmt.Errorf("load merge: %w", err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(whole); err != nil {
		return err
	}
	if err := whole.Write(os.Stderr); err != nil {
		return err
	}
	if len(whole.Failures) > 0 {
		return errFailed
	}
	return nil
}

func readLoads(name string) ([]loads.Result, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	results, err := loads.Read(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return results, nil
}
