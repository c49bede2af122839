package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"strings"

	"siemdrill/agent"
	"siemdrill/agent/console"
)

const usage = `siem-agent [--logsDirectory DIRNAME] [--proxy ADDRESS[:PORT]] --token TOKEN
siem-agent check [-json] and the same flags

  --token TOKEN             as the portal shows it; @FILE reads it from a file, which
                            keeps it out of the process list; without --token it is
                            taken from the environment's SIEM_AGENT_TOKEN
  --proxy ADDRESS[:PORT]    how the internet is reached (port 8080 if none is given);
                            with a login: http://USER:PASSWORD@ADDRESS:PORT, better
                            from a file (@FILE) or the environment's SIEM_AGENT_PROXY
  --logsDirectory DIRNAME   where debug logs are kept, in files that are rotated
  --settings FILE           further settings, a JSON object
  --configuration FILE      the agent's configuration, for a tenant whose portal gives
                            none: a JSON object, with the further settings as "local";
                            the setting service is then the tenant's address, and the
                            token one of its API tokens
  --clock ADDRESS           for tests: let whoever listens there (unix:PATH, or address
                            and port on a loopback interface) step this process's time;
                            listen:ADDRESS waits for whoever comes there (a loopback or
                            private address and port)
  --version                 print version and commit
  -h                        print this

check finds out what an agent started so would meet, says what is wrong and what to
do, and ends with 0 if nothing is. Run it as the user that the agent runs as.
`

// call is what the command line asks for.
type call struct {
	token, proxy, logsDirectory string
	tokenFile                   string // where the token is from; empty: no file
	clock                       string // who steps the time; empty: nobody
	settings                    agent.Settings
	source                      console.Source // nil: the portal
	check, json, version        bool
}

var errHelp = errors.New("help is wanted")

// parse reads the command line. An error is one line, and never contains the
// token or a password.
func parse(args []string, getenv func(string) string) (call, error) {
	var c call
	if len(args) > 0 && args[0] == "check" {
		c.check, args = true, args[1:]
	}
	var settings, configuration string
	flags := flag.NewFlagSet("siem-agent", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&c.token, "token", getenv("SIEM_AGENT_TOKEN"), "")
	flags.StringVar(&c.proxy, "proxy", getenv("SIEM_AGENT_PROXY"), "")
	flags.StringVar(&c.logsDirectory, "logsDirectory", "", "")
	flags.StringVar(&settings, "settings", "", "")
	flags.StringVar(&configuration, "configuration", "", "")
	flags.StringVar(&c.clock, "clock", "", "")
	flags.BoolVar(&c.version, "version", false, "")
	if c.check {
		flags.BoolVar(&c.json, "json", false, "")
	}
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
	case settings != "" && configuration != "":
		return call{}, errors.New("expected --settings or --configuration: the latter has the settings as \"local\"")
	}
	if err := c.readSecrets(); err != nil {
		return call{}, err
	}
	return c, c.readFiles(settings, configuration)
}

// readSecrets puts the content of a file in the place of its @NAME.
func (c *call) readSecrets() error {
	for name, value := range map[string]*string{"--token": &c.token, "--proxy": &c.proxy} {
		file, isFile := strings.CutPrefix(*value, "@")
		if !isFile {
			*value = bare(*value)
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		*value = bare(string(text))
		if name == "--token" {
			c.tokenFile = file
		}
	}
	return nil
}

// bare takes off what editors, and files of variables, leave around a value.
func bare(value string) string {
	return strings.TrimSpace(strings.TrimPrefix(value, "\ufeff"))
}

// renew reads the token's file again; nil if there is none.
func (c call) renew() func() string {
	if c.tokenFile == "" {
		return nil
	}
	return func() string {
		text, err := os.ReadFile(c.tokenFile)
		if err != nil {
			return "" // the refusal of the old one is reported
		}
		return bare(string(text))
	}
}

func (c *call) readFiles(settings, configuration string) error {
	switch {
	case settings != "":
		text, err := os.ReadFile(settings)
		if err != nil {
			return fmt.Errorf("--settings: %w", err)
		}
		return c.readSettings(settings, text)
	case configuration != "":
		file := &console.File{Path: configuration}
		content, err := file.Read()
		if err != nil {
			return fmt.Errorf("--configuration: %w", err)
		}
		if content.Local != nil {
			if err := c.readSettings(configuration+": local", content.Local); err != nil {
				return err
			}
		}
		file.Tenant = tenantOf(c.settings.Service)
		c.source = file
	}
	return nil
}

func (c *call) readSettings(name string, text []byte) (err error) {
	c.settings, err = agent.ReadSettings(bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

// tenantOf is the tenant in a service's address: the first part of its host.
func tenantOf(service string) string {
	u, err := url.Parse(service)
	if err != nil {
		return ""
	}
	if net.ParseIP(u.Hostname()) != nil {
		return u.Hostname()
	}
	tenant, _, _ := strings.Cut(u.Hostname(), ".")
	return tenant
}
