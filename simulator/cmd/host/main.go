// Command host is what a machine of the container runner has in place of a
// fake's own command: the same fake, whose time is stepped.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"siemdrill/simulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	status := simulator.RunHost(ctx, os.Args[1:], os.Stderr)
	stop()
	os.Exit(status)
}
