// Command siem-agent forwards the activities and alerts of Cloud App Security
// to a syslog server, one CEF line each.
//
// Its command line is that of the vendor's agent: --token, --proxy,
// --logsDirectory. What else can be set is in one file, given with --settings
// or, beside the configuration of a tenant without a portal, --configuration.
// "siem-agent check" finds out what an agent started so would meet.
//
// Exit statuses: 0 asked to stop, deleted in the portal, or a recovery agent
// that is done; 1 the logs or metrics can't be served (check: something is bad
// that would not end the agent); 2 a wrong call, settings or configuration file;
// 3 general error during bootstrap; 4 too many critical errors; 5 invalid token;
// 6 invalid proxy address.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"
	"syscall"

	_ "golang.org/x/crypto/x509roots/fallback" // for a system without roots, such as a container with nothing else

	"siemdrill/agent"
	"siemdrill/agent/stepped"
)

func main() {
	limitMemory()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	command := func(ctx context.Context) int { return run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr) }
	status, served := serve(ctx, command)
	if !served {
		status = command(ctx)
	}
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
		return complain(errout, err, 2)
	case call.version:
		fmt.Fprintf(out, "siem-agent %s\ncommit %s\n%s %s/%s\n", version(), commit(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return 0
	case call.check:
		return check(ctx, call, out, errout)
	}
	return forward(ctx, call, errout)
}

func complain(errout io.Writer, err error, status int) int {
	fmt.Fprintf(errout, "siem-agent: %v\n", err)
	return status
}

// forward runs the agent.
func forward(ctx context.Context, call call, errout io.Writer) int {
	log, closeLog, err := newLogger(call.logsDirectory, errout)
	if err != nil {
		return complain(errout, err, 1)
	}
	defer closeLog()
	hook, closeMetrics, err := watch(call.settings, log)
	if err != nil {
		return complain(errout, err, 1)
	}
	defer closeMetrics()
	config := call.config()
	config.Logger, config.Console, config.Hook = log, errout, hook
	if call.clock != "" {
		if err := stepTime(call.clock, &config, log); errors.Is(err, stepped.ErrAddress) {
			return complain(errout, err, 2)
		} else if err != nil {
			return complain(errout, err, 1)
		}
	}
	a, err := agent.New(config)
	if err != nil {
		return complain(errout, err, 2)
	}
	log.Info("siem-agent", "version", version(), "commit", commit(), "go", runtime.Version(), "system", runtime.GOOS+"/"+runtime.GOARCH, "process", os.Getpid())
	err = a.Run(ctx)
	if failure, ok := errors.AsType[*agent.Error](err); ok {
		log.Error("the agent ends", "error", failure.Code, "status", failure.ExitStatus(), "cause", failure.Cause)
		return failure.ExitStatus()
	}
	log.Info("the agent has ended as it should")
	return 0
}

// config is what agent and check have in common.
func (c call) config() agent.Config {
	return agent.Config{
		Token:         c.token,
		Renew:         c.renew(),
		Proxy:         c.proxy,
		LogsDirectory: c.logsDirectory,
		Settings:      c.settings,
		Source:        c.source,
		Logger:        slog.New(slog.DiscardHandler),
		Seed:          rand.Uint64(), // agents that run apart should wait apart
		Version:       version(),
	}
}
