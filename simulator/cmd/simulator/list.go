package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"

	"siemdrill/scenarios"
	"siemdrill/simulator"
)

func list(args []string) error {
	flags := flag.NewFlagSet("list", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "")
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("list: unexpected %q", flags.Arg(0))
	}
	all, err := catalogue()
	if err != nil {
		return err
	}
	for _, s := range all {
		if !*asJSON {
			fmt.Printf("%-36s %s\n", s.ID, s.Title)
			continue
		}
		row := struct {
			V      int      `json:"v"`
			ID     string   `json:"id"`
			Title  string   `json:"title"`
			File   string   `json:"file"`
			Shows  []string `json:"shows"`
			Faults []string `json:"faults"`
		}{1, s.ID, s.Title, s.File, s.Shows, s.Faults}
		if err := json.NewEncoder(os.Stdout).Encode(row); err != nil {
			return err
		}
	}
	return nil
}

// catalogue is every scenario of the catalogue, in alphabetical order.
func catalogue() ([]*simulator.Script, error) {
	var all []*simulator.Script
	for _, file := range scenarios.Files() {
		data, _ := scenarios.File(file)
		s, err := simulator.ParseScript("scenarios/"+file, data)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}
