// Command siem-agent forwards the activities and alerts of Cloud App Security
// to a syslog server, one CEF line each.
//
// Its command line is that of the vendor's agent: --token, --proxy,
// --logsDirectory. What else can be set is in one file, given with --settings.
//
// Exit statuses: 0 asked to stop, or deleted in the portal; 1 the logs can't be
// written; 2 a wrong call or settings file; 3 general error during bootstrap;
// 4 too many critical errors; 5 invalid token; 6 invalid proxy address.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"

	"siemdrill/agent"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(status)
}

// run does what the command line says and returns the exit status.
func run(ctx context.Context, args []string, getenv func(string) string, out, errout io.Writer) int {
	call, err := parse(args, getenv)
	switch {
	case errors.Is(err, errHelp):
		fmt.Fprint(out, usage)
		return 0
	case err != nil:
		fmt.Fprintf(errout, "siem-agent: %v\n", err)
		return 2
	case call.version:
		fmt.Fprintln(out, "siem-agent", version())
		return 0
	}
	log, closeLog, err := newLogger(call.logsDirectory, errout)
	if err != nil {
		fmt.Fprintf(errout, "siem-agent: %v\n", err)
		return 1
	}
	defer closeLog()
	a, err := agent.New(agent.Config{
		Token:         call.token,
		Proxy:         call.proxy,
		LogsDirectory: call.logsDirectory,
		Settings:      call.settings,
		Logger:        log,
		Console:       errout,
		Seed:          rand.Uint64(), // agents that run apart should wait apart
		Version:       version(),
	})
	if err != nil {
		fmt.Fprintf(errout, "siem-agent: %v\n", err)
		return 2
	}
	err = a.Run(ctx)
	if failure, ok := errors.AsType[*agent.Error](err); ok {
		log.Error("the agent ends", "error", failure.Code, "cause", failure.Cause)
		return failure.ExitStatus()
	}
	return 0
}
