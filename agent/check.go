package agent

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/cas"
	"siemdrill/agent/internal/checkpoint"
	"siemdrill/agent/internal/dial"
)

// Thing is something that an agent needs to be in order.
type Thing string

// What Check looks at, in this order: each needs the ones before it.
const (
	TheToken         Thing = "token"
	TheProxy         Thing = "proxy"
	TheService       Thing = "service"
	TheConfiguration Thing = "configuration"
	TheRecords       Thing = "records"
	TheCheckpoint    Thing = "checkpoint"
	TheReceiver      Thing = "receiver"
)

var things = []Thing{TheToken, TheProxy, TheService, TheConfiguration, TheRecords, TheCheckpoint, TheReceiver}

// Opinion is what Check thinks of a Thing.
type Opinion string

// The opinions.
const (
	Good      Opinion = "good"
	Bad       Opinion = "bad"        // an agent could not work with it
	NotProven Opinion = "not proven" // it works, but what was sent to it can't be confirmed
	NotTried  Opinion = "not tried"  // something before it is bad
)

// Finding is what was found out about one thing, in plain words.
type Finding struct {
	Thing   Thing   `json:"thing"`
	Opinion Opinion `json:"opinion"`
	Detail  string  `json:"detail"`
	Remedy  string  `json:"remedy,omitempty"` // what to do, if anything

	ends Code // the error with which an agent ends at its start over it; empty: it runs
}

// Check finds out what an agent with this configuration would meet: it asks
// the service for the configuration and for a page of records, opens the
// checkpoint, and makes one connection to the receiver, over which nothing is
// sent. It is no contact: the portal shows nothing of it. The API counts two
// requests, of the 30 a minute that it allows.
//
// It returns a Finding for each Thing. An error is a setting that is wrong.
func Check(ctx context.Context, config Config) ([]Finding, error) {
	a, err := New(config)
	if err != nil {
		return nil, err
	}
	a.loop = newLoop(ctx, a.clock)
	defer a.tidy()
	c := &checking{agent: a, ctx: ctx}
	c.all()
	return c.findings, nil
}

// CheckStatus is the exit status that fits: 0 when nothing is bad, else that
// with which an agent would end at its start, or 1 when it would run and not
// forward.
func CheckStatus(findings []Finding) int {
	for _, f := range findings {
		switch {
		case f.Opinion != Bad:
		case f.ends != "":
			return (&Error{Code: f.ends}).ExitStatus()
		default:
			return 1
		}
	}
	return 0
}

// checking is a Check under way.
type checking struct {
	agent    *Agent
	ctx      context.Context
	findings []Finding
}

func (c *checking) found(t Thing, o Opinion, detail, remedy string) {
	c.findings = append(c.findings, Finding{Thing: t, Opinion: o, Detail: detail, Remedy: remedy})
}

// ends finds that an agent would end at its start.
func (c *checking) ends(t Thing, with Code, detail, remedy string) {
	c.findings = append(c.findings, Finding{t, Bad, detail, remedy, with})
}

func (c *checking) all() {
	if c.prepared() && c.configured() {
		c.records()
		c.checkpoint()
		c.receiver()
	}
	for _, t := range things {
		if !slices.ContainsFunc(c.findings, func(f Finding) bool { return f.Thing == t }) {
			c.found(t, NotTried, "something else has to be right first", "")
		}
	}
	slices.SortFunc(c.findings, func(f, g Finding) int {
		return cmp.Compare(slices.Index(things, f.Thing), slices.Index(things, g.Thing))
	})
}

// prepared looks at what needs no request.
func (c *checking) prepared() bool {
	a := c.agent
	err := a.prepare()
	switch {
	case err == nil:
		return true
	case err.Code == InvalidToken:
		c.ends(TheToken, err.Code, err.Cause.Error(), err.Remedy())
	case err.Code == InvalidProxyAddress:
		c.found(TheToken, Good, "its form is right", "")
		c.ends(TheProxy, err.Code, err.Cause.Error(), err.Remedy())
	default:
		c.ends(TheConfiguration, err.Code, err.Cause.Error(), "check the files that the settings name")
	}
	return false
}

// configured asks for the configuration; what comes of it says most about
// token, proxy and service.
func (c *checking) configured() bool {
	a := c.agent
	ctx, stop := dial.WithLimit(c.ctx, a.clock, consoleLimit, "the request")
	defer stop()
	configuration, err := a.service.source.Configuration(ctx)
	if err == nil {
		a.configuration = bounded(configuration)
		c.reached("the service takes it")
		c.found(TheConfiguration, Good, inWords(configuration), "")
		return true
	}
	failure := failureOf(dial.Cause(ctx, err))
	cause := failure.Cause.Error()
	_, answered := errors.AsType[*console.AnswerError](err)
	_, refused := errors.AsType[*cas.Error](err)
	switch {
	case failure.Kind == Unauthorized:
		c.ends(TheToken, InvalidToken, cause, documented[InvalidToken].remedy)
	case failure.Kind == BadProxy:
		c.found(TheToken, Good, "its form is right", "")
		c.ends(TheProxy, InvalidProxyAddress, cause, proxyRemedy(cause))
	case failure.Kind == Deleted:
		c.reached("the service knows it")
		c.found(TheConfiguration, Bad, "the agent was deleted in the portal", "add an agent there and use its token")
	case answered || refused:
		c.reached("the service answers")
		c.found(TheConfiguration, Bad, cause, configurationRemedy(a.config.Source))
	default:
		c.found(TheToken, Good, "its form is right", "")
		c.found(TheProxy, Good, c.proxy(), "")
		c.found(TheService, Bad, cause, serviceRemedy(failure, a.service.api.Base))
	}
	return false
}

// reached finds token, proxy and service good.
func (c *checking) reached(token string) {
	c.found(TheToken, Good, token, "")
	c.found(TheProxy, Good, c.proxy(), "")
	c.found(TheService, Good, c.agent.service.api.Base, "")
}

func (c *checking) proxy() string {
	if p, err := dial.ParseProxy(c.agent.config.Proxy); err == nil && p.Address != "" {
		return p.Address
	}
	return "none: the service is reached directly"
}

// records asks for a page of each type that is forwarded.
func (c *checking) records() {
	a := c.agent
	var asked []string
	for _, t := range []cas.Type{cas.Activity, cas.Alert} {
		if !enabled(a.configuration, t) {
			continue
		}
		_, err := a.service.api.Next(c.ctx, t, cas.StartAt(a.clock.Now()), dataType(a.configuration, t).Filters)
		if err != nil {
			c.found(TheRecords, Bad, err.Error(), "check in the portal that the token's owner still exists and may read, and the filters of the agent")
			return
		}
		asked = append(asked, string(t))
	}
	if asked == nil {
		c.found(TheRecords, Good, "none: the agent, or both types, are turned off in the portal", "turn them on there if records are wanted")
		return
	}
	c.found(TheRecords, Good, "the service lists each type that is wanted: "+strings.Join(asked, ", "), "")
}

func (c *checking) checkpoint() {
	a := c.agent
	err := a.openCheckpoint(a.configuration)
	switch {
	case errors.Is(err, checkpoint.ErrInUse):
		c.found(TheCheckpoint, Good, err.Error(), "")
	case err != nil:
		c.ends(TheCheckpoint, BootstrapError, err.Error(), "the user that runs the agent must be able to write there; checkpointDirectory names another place")
	default:
		c.found(TheCheckpoint, Good, a.store.Path(), "")
	}
}

// inWords is what a configuration asks for.
func inWords(c console.Configuration) string {
	words := fmt.Sprintf("agent %s of tenant %s, to %s:%d over %s", c.Agent, c.Tenant, c.Remote.Host, c.Remote.Port, c.Remote.Protocol)
	if c.Recovery != nil {
		words += ", a recovery agent"
	}
	if !c.Enabled {
		words += ", turned off"
	}
	return words
}

func proxyRemedy(cause string) string {
	if strings.Contains(cause, fmt.Sprint(http.StatusProxyAuthRequired)) {
		return "give the login that the proxy wants: --proxy http://USER:PASSWORD@ADDRESS:PORT, best as @FILE"
	}
	return documented[InvalidProxyAddress].remedy
}

func configurationRemedy(source console.Source) string {
	if source != nil {
		return "check the configuration file, and that the token may read"
	}
	return "this service may not speak the portal's protocol: then give the configuration with --configuration FILE"
}

func serviceRemedy(f Failure, base string) string {
	if f.Kind == Critical {
		return "see the cause: only the certificate's administrator, or a setting, can mend it"
	}
	return "check that this machine can reach " + base + " (firewall, list of allowed addresses), or give the way with --proxy"
}
