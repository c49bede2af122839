package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"

	"siemdrill/simulator"
)

// mostLog is the largest log that is read: 256 MB.
const mostLog = 256 << 20

func draft(args []string) error {
	flags := flag.NewFlagSet("draft", flag.ContinueOnError)
	if err := parse(flags, args); err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return errors.New("draft: expected one file: an agent's log, or a text with messages of its console or of the portal; - is standard input")
	}
	name := flags.Arg(0)
	log, err := readLog(name)
	if err != nil {
		return err
	}
	if name == "-" {
		name = "standard input"
	}
	script, err := simulator.Draft(name, log)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(script)
	return err
}

func readLog(name string) ([]byte, error) {
	file := os.Stdin
	if name != "-" {
		var err error
		if file, err = os.Open(name); err != nil {
			return nil, err
		}
		defer file.Close()
	}
	log, err := io.ReadAll(io.LimitReader(file, mostLog+1))
	if err == nil && len(log) > mostLog {
		err = fmt.Errorf("%s: larger than %d MB: expected a part of it", name, mostLog>>20)
	}
	return log, err
}
