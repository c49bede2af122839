package agent

import (
	"context"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/netip"
)

// Config is what an Agent is made from. Only Token is needed; the other zero
// values mean the system's network, clock and roots, no proxy and no output.
type Config struct {
	Token         string // as the portal shows it; it names the service and is never printed
	Proxy         string // ADDRESS[:PORT] or http://[USER:PASSWORD@]ADDRESS[:PORT]; empty: none, whatever the environment says
	LogsDirectory string // for whoever writes the logs: the agent itself writes to Logger only
	Settings      Settings

	// Dial connects to an address of the form IP:port; network is "tcp" or
	// "udp". Lookup resolves a name. They are the agent's only ways out.
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	Clock  Clock

	RootCAs *x509.CertPool // trusted in place of the system's roots, which the command appends its own to
	Logger  *slog.Logger
	Console io.Writer   // where the documented errors are printed
	Hook    func(Event) // told of every Event, in the order of happening; called from one goroutine at a time
	Seed    uint64      // of the jitter; the same seed waits the same times

	Machine string // this machine's name, for the portal and the line's header
	Version string // of the agent, for the portal
}

// Agent pulls records from the service and forwards them to the syslog server
// that the portal names. It is made by New and run once.
type Agent struct {
	config Config
}

// New returns an agent that has not started. An error is one line that names
// the setting that is wrong.
func New(config Config) (*Agent, error) {
	if err := config.Settings.Validate(); err != nil {
		return nil, err
	}
	config.Settings = config.Settings.withDefaults()
	return &Agent{config: config}, nil
}

// Run forwards until ctx ends, until the agent is deleted in the portal (nil
// both times), or until it can't go on: then the error is an *Error, which was
// printed to Console with its cause and remedy. What is in doubt when it stops
// is confirmed within Settings.StopAfter, or sent again by the next run from
// the checkpoint. No goroutine and no connection is left when Run returns.
func (a *Agent) Run(ctx context.Context) error {
	<-ctx.Done()
	return errors.New("not written yet")
}
