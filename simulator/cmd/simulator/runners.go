package main

import (
	"flag"
	"os"

	"siemdrill/scenarios"
	"siemdrill/simulator"
)

// writeRunners prints which runner can play which scenario of the catalogue.
func writeRunners(args []string) error {
	if err := parse(flag.NewFlagSet("runners", flag.ContinueOnError), args); err != nil {
		return err
	}
	var all []*simulator.Script
	for _, file := range scenarios.Files() {
		data, _ := scenarios.File(file)
		s, err := simulator.ParseScript(file, data)
		if err != nil {
			return err
		}
		all = append(all, s)
	}
	return simulator.WriteRunners(os.Stdout, all)
}
