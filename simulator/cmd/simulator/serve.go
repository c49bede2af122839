package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"siemdrill/simulator"
	"siemdrill/simulator/live"
)

const serveUsage = "[-listen 127.0.0.1:8642] [-portal 127.0.0.1:0] [-agent 'COMMAND ...'|rsyslog|syslog-ng|none] [-script SCENARIO | -config agent.json] [-speed N] [-paused] [-seed N]"

// serveFlags is how a live Lab is served.
type serveFlags struct {
	live           live.Options
	listen, portal string
}

// serve serves a live Lab until it is interrupted.
func serve(args []string) error {
	how, err := parseServe(args)
	if err != nil {
		return err
	}
	// Whoever waits for signals does so before the Lab is built, which takes what
	// runs then for what runs for good.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // the first signal ends the Lab, the next one the program
	defer simulator.RemoveBinary()
	if err := how.run(ctx); err != nil {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// parseServe reads the flags and the files that they name.
func parseServe(args []string) (serveFlags, error) {
	var how serveFlags
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.StringVar(&how.listen, "listen", "127.0.0.1:8642", "")
	flags.StringVar(&how.portal, "portal", "127.0.0.1:0", "")
	agent, script, config := flags.String("agent", "", ""), flags.String("script", "", ""), flags.String("config", "", "")
	flags.IntVar(&how.live.Speed, "speed", 1, "")
	flags.BoolVar(&how.live.Paused, "paused", false, "")
	flags.Uint64Var(&how.live.Seed, "seed", 1, "")
	if err := parse(flags, args); err != nil {
		return how, err
	}
	switch {
	case flags.NArg() > 0:
		return how, fmt.Errorf("serve: unexpected %q (usage: simulator serve %s)", flags.Arg(0), serveUsage)
	case *script != "" && *config != "":
		return how, errors.New("serve: -script and -config both say what agent.json is: choose one")
	case *agent != "" && strings.TrimSpace(*agent) == "":
		return how, fmt.Errorf("serve: -agent %q: expected a command, rsyslog, syslog-ng or none", *agent)
	case how.live.Speed < 1 || how.live.Speed > 3600:
		return how, fmt.Errorf("serve: -speed %d: expected 1 to 3600", how.live.Speed)
	}
	how.live.OwnAgent = *agent == "none"
	if !how.live.OwnAgent {
		how.live.Agent = strings.Fields(*agent)
	}
	return how, how.read(*script, *config)
}

// read reads the script that is played first, or the agent's configuration.
func (how *serveFlags) read(script, config string) error {
	how.live.Files = map[string][]byte{"agent.json": []byte(`{"remote": {"protocol": "TCP"}}` + "\n")}
	var err error
	switch {
	case script != "":
		how.live.Files = nil
		if how.live.Script, err = load(script); err != nil {
			return err
		}
		runner, err := how.runner()
		if err != nil {
			return fmt.Errorf("serve: -agent: %w", err)
		}
		if why := runner.Lacks(how.live.Script); why != "" {
			return fmt.Errorf("serve: %s: %s", script, why)
		}
	case config != "":
		if how.live.Files["agent.json"], err = os.ReadFile(config); err != nil {
			return fmt.Errorf("serve: -config: %w", err)
		}
	}
	return nil
}

// runner is the one whose world the Lab has.
func (how *serveFlags) runner() (simulator.Runner, error) {
	switch {
	case how.live.OwnAgent:
		return simulator.Foreign, nil
	case len(how.live.Agent) > 0:
		return simulator.RunnerOf(how.live.Agent)
	}
	return simulator.OnProcesses, nil
}

// run serves until ctx ends.
func (how *serveFlags) run(ctx context.Context) error {
	how.live.Opened = func(err error) {
		if err != nil && ctx.Err() == nil {
			complain("serve: the clock stands still: %v", err)
		}
	}
	session, err := live.New(how.live)
	if err != nil {
		return err
	}
	server := &live.Server{Session: session}
	if err := server.Start(how.listen, how.portal); err != nil {
		return errors.Join(err, session.Close())
	}
	tell(server)
	err = session.Run(ctx)
	return errors.Join(err, server.Close())
}

// tell says where everything is.
func tell(server *live.Server) {
	fmt.Printf("page:     %s\nportal:   %s\n", server.PageURL(), server.PortalURL())
	if server.Session.OwnAgent() {
		reach := server.Session.Reach()
		fmt.Printf("service:  %s\nreceiver: %s\nca:       %sv1/ca\n", reach.Service, reach.Receiver, server.PageURL())
	}
	fmt.Println("Ctrl-C ends it all.")
}
