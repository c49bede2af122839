package container

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"time"

	"github.com/moby/moby/client"
)

// watchdogRun names, in the environment of a watchdog, the run that it guards.
const watchdogRun = "SIEMDRILL_WATCHDOG_RUN"

// Watch turns this process into a watchdog, if it was started as one, and then
// never returns. Every program that makes Machines calls it first of all.
func Watch() {
	run := os.Getenv(watchdogRun)
	if run == "" {
		return
	}
	// The end of the input is the end of the process at its other end, however it
	// came about: kill -9 and the panic of a test's time-out are no exception.
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := sweepWhatIsLeft(run); err != nil {
		fmt.Fprintf(os.Stderr, "siemdrill's watchdog: %v\n", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// The engine may still be making something that was asked for just before the
// end, so everything is done twice.
const (
	sweepLimit = 2 * time.Minute
	sweepAgain = 3 * time.Second
)

func sweepWhatIsLeft(run string) error {
	ctx, cancel := context.WithTimeout(context.Background(), sweepLimit)
	defer cancel()
	c, err := client.New(client.FromEnv)
	if err != nil {
		return err
	}
	_ = sweepRun(ctx, c, run)
	time.Sleep(sweepAgain)
	return sweepRun(ctx, c, run)
}

// guard starts the watchdog of the run: this same program as a process of a
// session of its own, so that Ctrl-C doesn't end it.
func (e *engine) guard() (dismiss func(), err error) {
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	input, ours, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer input.Close()
	watchdog := exec.Command(program)
	watchdog.Env = append(os.Environ(), watchdogRun+"="+e.run, "DOCKER_HOST="+e.client.DaemonHost())
	watchdog.Stdin, watchdog.Stderr = input, os.Stderr
	watchdog.SysProcAttr = ownSession
	if err := watchdog.Start(); err != nil {
		ours.Close()
		return nil, fmt.Errorf("the watchdog: %w", err)
	}
	return func() {
		_ = watchdog.Process.Kill() // before its input ends: nothing is left to sweep
		_ = watchdog.Wait()
		ours.Close()
	}, nil
}
