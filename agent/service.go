package agent

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/cas"
	"siemdrill/agent/internal/checkpoint"
	"siemdrill/agent/internal/dial"
)

// consoleLimit is the longest that a request to the console may take: well
// within the contact period, so that an unanswered one doesn't cost the next.
const consoleLimit = 30 * time.Second

// service is the agent's side of the service: its console and its API.
type service struct {
	agent  *Agent
	http   *http.Client
	source console.Source
	api    cas.Client
}

func newService(a *Agent, base string, transport http.RoundTripper) *service {
	base = strings.TrimSuffix(base, "/")
	if a.config.Renew != nil {
		transport = &bearer{RoundTripper: transport, renew: a.config.Renew, token: a.config.Token}
	}
	s := &service{agent: a, http: &http.Client{Transport: transport, CheckRedirect: refuseToFollow}}
	s.api = cas.Client{
		Base:           base,
		Token:          a.config.Token,
		HTTP:           s.http,
		Clock:          a.clock,
		Throttle:       cas.NewThrottle(max(0, a.settings.RequestsPerMinute), a.clock),
		PageSize:       a.settings.PageSize,
		RequestTimeout: time.Duration(a.settings.RequestLimit),
	}
	if a.config.Source == nil {
		s.source = &console.Client{Base: base, Token: a.config.Token, HTTP: s.http}
		return s
	}
	watched := &verdicts{RoundTripper: transport}
	s.http.Transport = watched
	s.source = &tenantSource{a.config.Source, &s.api, a.clock, watched}
	return s
}

// refuseToFollow keeps the token, and the agent, at the service's own address.
func refuseToFollow(there *http.Request, _ []*http.Request) error {
	return fmt.Errorf("the service redirects to %s: that is not followed", there.URL.Host+there.URL.Path)
}

// ask makes one request to the console beside the loop.
func (s *service) ask(request func(ctx context.Context) (then func(), err error), failed func(Failure)) {
	a := s.agent
	limit := min(consoleLimit, time.Duration(a.settings.RequestLimit))
	a.beside(func(ctx context.Context) func() {
		ctx, stop := dial.WithLimit(ctx, a.clock, limit, "the request")
		defer stop()
		var then func()
		var err error
		a.waiting(func() {
			then, err = request(ctx)
			err = dial.Cause(ctx, err)
		})
		if err != nil {
			return func() { failed(failureOf(err)) }
		}
		return then
	})
}

func (s *service) fetchConfiguration() {
	a := s.agent
	s.ask(func(ctx context.Context) (func(), error) {
		configuration, err := s.source.Configuration(ctx)
		return func() { a.configure(configuration) }, err
	}, func(f Failure) {
		a.step(ConfigurationFailed{f})
	})
}

func (s *service) contact(notifications []console.Notification, done bool) {
	a := s.agent
	contact := console.Contact{
		Version:              a.config.Version,
		ConfigurationVersion: a.configuration.Version,
		Machine:              a.config.Machine,
		Notifications:        notifications,
		Done:                 done,
	}
	s.ask(func(ctx context.Context) (func(), error) {
		answer, err := s.source.Contact(ctx, contact)
		return func() {
			a.tell(KindContact, "", "", fmt.Sprintf("%d notifications", len(notifications)))
			a.step(ContactTaken{answer.ConfigurationVersion})
		}, err
	}, func(f Failure) {
		a.tell(KindContactFailed, "", "", f.Cause.Error())
		a.step(ContactFailed{f})
	})
}

// configure takes a configuration that the portal gave. The first one says
// whose checkpoint it is.
func (a *Agent) configure(c console.Configuration) {
	if a.stopping {
		return
	}
	if a.store == nil {
		if err := a.openCheckpoint(c); err != nil {
			a.step(BootstrapFailed{err})
			return
		}
	}
	if c.Version == a.configuration.Version { // nothing to do: see Machine.configured
		a.step(Configured{Version: c.Version})
		return
	}
	was := a.configuration
	a.configuration = bounded(c)
	c = a.configuration
	a.logConfiguration(c)
	a.tell(KindConfiguration, "", "", c.Version)
	a.delivery.sink, a.delivery.layout = a.sink(c), a.layout(c)
	var types []cas.Type
	for _, t := range []cas.Type{cas.Activity, cas.Alert} {
		if !enabled(c, t) {
			continue
		}
		if !enabled(was, t) {
			a.comeBack(t)
		}
		types = append(types, t)
	}
	a.step(Configured{Version: c.Version, UDP: c.Remote.Protocol == console.UDP, Types: types})
	a.endRecovery()
}

func (a *Agent) openCheckpoint(c console.Configuration) error {
	directory := a.settings.CheckpointDirectory
	if directory == "" {
		standard, err := checkpoint.DefaultDirectory()
		if err != nil {
			return err
		}
		directory = standard
	}
	store, err := checkpoint.Open(directory, c.Tenant, c.Agent)
	if err != nil {
		return err
	}
	a.store = store
	loaded, _, err := store.Load()
	if err != nil {
		return err
	}
	a.streams[cas.Activity].begin(loaded.Activities)
	a.streams[cas.Alert].begin(loaded.Alerts)
	return nil
}

// comeBack begins a type that was not pulled before: after more than two days
// away, only the last two days are forwarded, as documented.
//
// Now is the service's if it is known: a machine's clock may be wrong by days.
func (a *Agent) comeBack(t cas.Type) {
	now := a.configuration.Given
	if now.IsZero() {
		now = a.clock.Now()
	}
	s := a.streams[t]
	if frame := a.configuration.Recovery; frame != nil {
		if s.confirmed.IsZero() {
			s.begin(cas.StartAt(frame.From))
		}
		return
	}
	again, hole := s.confirmed.AfterAbsence(now, cas.DefaultBacklog)
	if hole > 0 {
		a.log.Warn("away too long: records before the last two days are not forwarded", "type", t, "missing", hole)
	}
	if again.IsZero() {
		again = cas.StartAt(now.Add(-cas.DefaultBacklog)) // first contact, as documented
	}
	s.begin(again)
}

// dataType is what c says of records of type t.
func dataType(c console.Configuration, t cas.Type) console.DataType {
	if t == cas.Alert {
		return c.Alerts
	}
	return c.Activities
}

func enabled(c console.Configuration, t cas.Type) bool { return c.Enabled && dataType(c, t).Enabled }
