package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"siemdrill/agent"
)

const usage = `siem-agent [--logsDirectory DIRNAME] [--proxy ADDRESS[:PORT]] --token TOKEN

  --token TOKEN             as the portal shows it; @FILE reads it from a file, which
                            keeps it out of the process list; without --token it is
                            taken from the environment's SIEM_AGENT_TOKEN
  --proxy ADDRESS[:PORT]    how the internet is reached (port 8080 if none is given);
                            with a login: http://USER:PASSWORD@ADDRESS:PORT
  --logsDirectory DIRNAME   where debug logs are kept, in files that are rotated
  --settings FILE           further settings, a JSON object
  --version                 print the version
  -h                        print this
`

// call is what the command line asks for.
type call struct {
	token, proxy, logsDirectory string
	settings                    agent.Settings
	version                     bool
}

var errHelp = errors.New("help is wanted")

// parse reads the command line. An error is one line, and never contains the
// token.
func parse(args []string, getenv func(string) string) (call, error) {
	var c call
	var settings string
	flags := flag.NewFlagSet("siem-agent", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.token, "token", getenv("SIEM_AGENT_TOKEN"), "")
	flags.StringVar(&c.proxy, "proxy", "", "")
	flags.StringVar(&c.logsDirectory, "logsDirectory", "", "")
	flags.StringVar(&settings, "settings", "", "")
	flags.BoolVar(&c.version, "version", false, "")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return call{}, errHelp
	case err != nil:
		return call{}, fmt.Errorf("%w (-h prints what can be given)", err)
	case flags.NArg() > 0:
		return call{}, errors.New("expected no argument besides the flags (-h prints them)") // it may be the token
	case c.version:
		return c, nil
	case c.token == "":
		return call{}, errors.New("expected --token TOKEN (-h prints what can be given)")
	}
	if file, isFile := strings.CutPrefix(c.token, "@"); isFile {
		token, err := os.ReadFile(file)
		if err != nil {
			return call{}, fmt.Errorf("--token: %w", err)
		}
		c.token = strings.TrimSpace(string(token))
	}
	if settings == "" {
		return c, nil
	}
	var err error
	c.settings, err = readSettings(settings)
	return c, err
}

func readSettings(name string) (agent.Settings, error) {
	file, err := os.Open(name)
	if err != nil {
		return agent.Settings{}, fmt.Errorf("--settings: %w", err)
	}
	defer file.Close()
	settings, err := agent.ReadSettings(file)
	if err != nil {
		return agent.Settings{}, fmt.Errorf("%s: %w", name, err)
	}
	return settings, nil
}
