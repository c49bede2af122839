package main

import (
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
