package main

import (
	"fmt"
	"os"

	"siemdrill/simulator"
)

func help(args []string) error {
	if len(args) > 0 {
		return simulator.WriteReference(os.Stdout, args...)
	}
	fmt.Print("simulator plays fire drills of the Cloud App Security SIEM agent.\n\n")
	for _, c := range subcommands() {
		fmt.Printf("simulator %s %s\n\t%s\n", c.name, c.args, c.summary)
	}
	fmt.Print("\nExit status: 0 all passed, 1 a scenario failed, 2 the call or a file is wrong.\n" +
		"\nThe commands of a script:\n\n")
	return simulator.WriteReference(os.Stdout)
}
