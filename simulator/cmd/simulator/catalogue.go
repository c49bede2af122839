package main

import (
	"fmt"
	"os"

	"siemdrill/simulator"
)

func writeCatalogue(args []string) error {
	if len(args) > 0 {
		return fmt.Errorf("catalogue: unexpected %q", args[0])
	}
	all, err := catalogue()
	if err == nil {
		simulator.WriteCatalogue(os.Stdout, all)
	}
	return err
}
