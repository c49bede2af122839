package agent

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"os"
	"regexp"
	"time"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/cas"
	"siemdrill/agent/internal/checkpoint"
	"siemdrill/agent/internal/dial"
)

// Config is what an Agent is made from. Only Token is needed; the other zero
// values mean the system's network, clock and roots, no proxy and no output.
type Config struct {
	Token         string // as the portal shows it; it names the service and is never printed
	Proxy         string // ADDRESS[:PORT] or http://[USER:PASSWORD@]ADDRESS[:PORT]; empty: none, whatever the environment says
	LogsDirectory string // for whoever writes the logs: the agent itself writes to Logger only
	Settings      Settings

	// Renew is asked for the token when the service refuses the one in use while
	// the agent runs: after it was regenerated in the portal, the new one. It
	// may be called from any goroutine and must not wait; nil means that there
	// is no other.
	Renew func() string

	// Source is where the configuration comes from; nil means the service's
	// portal. Any other one, such as a *console.File, knows nothing of the
	// token: the API is asked about it.
	Source console.Source

	// Dial connects to an address of the form IP:port; network is "tcp" or
	// "udp". Lookup resolves a name. They are the agent's only ways out.
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	Clock  Clock

	RootCAs *x509.CertPool // trusted in place of the system's roots; Settings.CAFile adds to either
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
	config   Config
	settings Settings
	log      *slog.Logger
	clock    Clock
	machine  *Machine
	*loop

	service     *service
	delivery    *delivery
	receiverTLS *tls.Config // nil: plain
	store       *checkpoint.Store

	configuration console.Configuration
	streams       map[cas.Type]*stream

	stopping bool   // Finish was asked for
	err      *Error // what it was asked for with
	finished bool
}

// New returns an agent that has not started. An error is one line that names
// the setting that is wrong.
func New(config Config) (*Agent, error) {
	if err := config.Settings.Validate(); err != nil {
		return nil, err
	}
	if config.Source != nil && config.Settings.Service == "" {
		if _, err := console.ServiceOf(config.Token); err != nil {
			return nil, errors.New("settings: service: expected https://HOST, the tenant's address: without a portal the token doesn't tell it")
		}
	}
	if config.Clock == nil {
		config.Clock = systemClock{}
	}
	if config.Logger == nil {
		config.Logger = slog.New(slog.DiscardHandler)
	}
	if config.Machine == "" {
		config.Machine, _ = os.Hostname() // a machine without a name has an empty one
	}
	settings := config.Settings.WithDefaults()
	a := &Agent{config: config, settings: settings, clock: config.Clock}
	a.log = slog.New(telling{config.Logger.Handler(), a})
	a.machine = newMachine(settings, config.Seed, a.log)
	return a, nil
}

// Run forwards until ctx ends, until the agent is deleted in the portal (nil
// both times), or until it can't go on: then the error is an *Error, which was
// printed to Console with its cause and remedy. What is in doubt when it stops
// is confirmed within Settings.StopAfter, or sent again by the next run from
// the checkpoint. No goroutine and no connection is left when Run returns.
func (a *Agent) Run(ctx context.Context) error {
	a.loop = newLoop(context.WithoutCancel(ctx), a.clock)
	defer a.tidy()
	if err := a.prepare(); err != nil {
		a.err = err
		a.print(err)
		return err
	}
	a.post(func() { a.step(Started{}) })
	defer context.AfterFunc(ctx, func() { a.post(func() { a.step(StopWanted{}) }) })()
	a.run(func() bool { return a.finished })
	if a.err != nil {
		a.print(a.err)
		return a.err
	}
	return nil
}

// prepare does what needs no request: it reads token and proxy address.
func (a *Agent) prepare() *Error {
	service, err := serviceOf(a.config.Token, a.settings.Service)
	if err != nil {
		return &Error{InvalidToken, err}
	}
	proxy, err := dial.ParseProxy(a.config.Proxy)
	if err != nil {
		return &Error{InvalidProxyAddress, err}
	}
	dialer := dial.Dialer{Dial: a.config.Dial, Lookup: a.config.Lookup, Clock: a.clock, Limit: time.Duration(a.settings.DialLimit)}
	roots, err := trusted(a.config.RootCAs, a.settings.CAFile)
	if err != nil {
		return &Error{BootstrapError, fmt.Errorf("settings: caFile: %w", err)}
	}
	a.service = newService(a, service, transport(a.loop.ctx, dialer, proxy, roots, time.Duration(a.settings.DialLimit)))
	if a.receiverTLS, err = a.settings.TLS.config(a.clock, a.config.RootCAs); err != nil {
		return &Error{BootstrapError, fmt.Errorf("settings: tls: %w", err)}
	}
	a.delivery = newDelivery(a, dialer)
	a.streams = map[cas.Type]*stream{cas.Activity: {kind: cas.Activity}, cas.Alert: {kind: cas.Alert}}
	return nil
}

// serviceOf checks the token's shape and returns the service it is for: the one
// given, or the one that the token names.
func serviceOf(token, given string) (string, error) {
	if given == "" {
		return console.ServiceOf(token)
	}
	if !tokenShape.MatchString(token) {
		return "", errors.New("a token has 64 to 192 characters of 0-9, a-z, A-Z and =")
	}
	return given, nil
}

// tokenShape is that of tokens seen in the field.
var tokenShape = regexp.MustCompile(`^[0-9a-zA-Z=]{64,192}$`)

// tidy leaves nothing behind.
func (a *Agent) tidy() {
	if a.delivery != nil {
		a.delivery.abandon()
	}
	a.close(errors.New("the agent has stopped"))
	if a.service != nil {
		a.service.http.CloseIdleConnections()
	}
	if a.store != nil {
		if err := a.store.Close(); err != nil {
			a.log.Warn("the checkpoint's lock could not be given back", "cause", err)
		}
	}
}

func (a *Agent) print(err *Error) {
	if a.config.Console != nil {
		fmt.Fprintf(a.config.Console, "%s\n%v\n%s\n", err.Message(), err.Cause, err.Remedy())
	}
}

// tell gives an event to the hook. What comes back after the end is no event.
func (a *Agent) tell(kind, connection, record, detail string) {
	if a.config.Hook == nil || a.finished {
		return
	}
	a.config.Hook(Event{
		Time: a.clock.Now(), Kind: kind, Agent: a.configuration.Agent,
		Connection: connection, Record: record, Detail: detail,
	})
}
