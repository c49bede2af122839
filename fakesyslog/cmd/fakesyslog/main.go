package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"text/tabwriter"

	"siemdrill/fakesyslog"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// The exit statuses.
const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// run does what the arguments say until ctx is done, and returns the exit
// status.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 {
		switch args[0] {
		case "report":
			return report(ctx, args[1:], stdout, stderr)
		case "faults":
			return listFaults(stdout)
		case "personalities":
			return listPersonalities(stdout)
		}
	}
	o, status, ok := parseOptions(args, stdout, stderr)
	if !ok {
		return status
	}
	err := serve(ctx, o, stdout)
	if err == nil {
		return exitOK
	}
	fmt.Fprintf(stderr, "fakesyslog: %v\n", err)
	if errors.As(err, new(fileError)) {
		return exitUsage
	}
	return exitFailed
}

// fileError is a file of the call that can't be used.
type fileError struct{ error }

func listFaults(w io.Writer) int {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, k := range fakesyslog.FaultKinds() {
		fmt.Fprintf(t, "%s\t%s\n", k.Name, k.Does)
	}
	t.Flush()
	return exitOK
}

func listPersonalities(w io.Writer) int {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, p := range fakesyslog.Personalities() {
		for _, trait := range p.Traits {
			fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", p.Name, trait.Name, trait.Value, trait.Source)
		}
	}
	t.Flush()
	return exitOK
}
