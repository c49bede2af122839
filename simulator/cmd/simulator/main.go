// Command simulator plays fire drills of the Cloud App Security SIEM agent.
// "simulator help" says how.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"siemdrill/simulator/container"
)

// The exit statuses.
const (
	exitPassed = 0
	exitFailed = 1 // a scenario failed
	exitUsage  = 2 // the call or a file is wrong
)

// subcommand is what may stand after "simulator", a file each.
type subcommand struct {
	name, args, summary string
	run                 func(args []string) error
}

func subcommands() []subcommand {
	return []subcommand{
		{"run", "[-runner bubble|process|container] [-agent 'COMMAND ...'|rsyslog[:VARIANT]|syslog-ng[:VARIANT]] [-json] [-seed N] [-wall 60s] [-history FILE] [-report DIR] [-github] SCENARIO ...", "play scenarios: files, or ids from the catalogue", run},
		{"explain", "[-lang en|nl] TEXT ...", "say what a message of the console or the portal, or a line of a log, means", explain},
		{"draft", "FILE", "make a scenario of an agent's log, or of messages in any text: a guess, to be corrected", draft},
		{"serve", serveUsage, "play a Lab live, on real sockets: a page to break and mend it, the portal, a clock, and what was clicked as a script", serve},
		{"load", loadUsage, "measure rate, event age, loss and recovery under load", loadTest},
		{"fleet", fleetUsage, "run many agents for days of virtual time, let each fail and come back, and judge statuses and loss", runFleet},
		{"list", "[-json]", "list the catalogue", list},
		{"catalogue", "", "print scenarios/README.md: messages, faults, scenarios", writeCatalogue},
		{"runners", "", "print docs/runners.md: which runner plays which scenario", writeRunners},
		{"help", "[COMMAND ...]", "how to call it, and every command that a script may use", help},
	}
}

func main() {
	container.Watch()
	if err := dispatch(os.Args[1:]); err != nil {
		if !errors.Is(err, errFailed) {
			fmt.Fprintln(os.Stderr, "simulator: "+err.Error())
		}
		os.Exit(status(err))
	}
}

// errFailed is a scenario that failed, which was printed already.
var errFailed = errors.New("a scenario failed")

func status(err error) int {
	if errors.Is(err, errFailed) {
		return exitFailed
	}
	return exitUsage
}

func dispatch(args []string) error {
	if len(args) == 0 {
		return errors.New("expected a command: run, serve, explain, draft, list or help (simulator help says more)")
	}
	name := args[0]
	if name == "-h" || name == "-help" || name == "--help" {
		name = "help"
	}
	for _, c := range subcommands() {
		if c.name == name {
			return c.run(args[1:])
		}
	}
	return fmt.Errorf("unknown command %q: expected run, serve, explain, draft, list or help (simulator help says more)", name)
}

// parse reads the flags of a subcommand; what is wrong comes back as one line.
func parse(flags *flag.FlagSet, args []string) error {
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return fmt.Errorf("usage: simulator %s %s", flags.Name(), usageOf(flags.Name()))
	}
	if err != nil {
		return fmt.Errorf("%s: %s (usage: simulator %s %s)", flags.Name(), strings.TrimSpace(err.Error()), flags.Name(), usageOf(flags.Name()))
	}
	return nil
}

func usageOf(name string) string {
	for _, c := range subcommands() {
		if c.name == name {
			return c.args
		}
	}
	return ""
}
