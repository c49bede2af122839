package load

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"siemdrill/agent"
	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

// lane is one agent with what is before and behind it.
type lane struct {
	service  *service // shared, perhaps
	id       string   // the agent's, in its portal
	receiver *fakesyslog.Server
	seen     witness // of the receiver
	tap      *tap
	agent    forwarder
}

// service is a fake service with one tenant.
type service struct {
	*fakecas.Server
	seen witness
}

// handicap slows a side down for as long as it lives, so that a test sees a run
// that measured its own generator or receiver.
type handicap struct {
	service  []fakecas.Fault
	receiver []fakesyslog.Fault
}

// startService starts a service of its own for one tenant.
func (s Settings) startService(n int) (*service, error) {
	withhold := s.Withhold
	if withhold == 0 {
		withhold = -1 // none; nothing set would mean the documented one
	}
	one := new(service)
	one.Server = &fakecas.Server{
		Seed:     s.Seed + uint64(s.Shard)<<32 + uint64(n),
		Settings: fakecas.Settings{RequestsPerMinute: s.requests(), Withhold: withhold},
		Hook:     one.seen.cas, Quiet: true,
	}
	if err := one.Start("127.0.0.1:0"); err != nil {
		return nil, err
	}
	for _, f := range s.handicap.service {
		if _, err := one.Inject(f); err != nil {
			return nil, errors.Join(err, one.Close())
		}
	}
	return one, nil
}

// startReceiver starts a receiver whose lines the tap sees, and whose events
// the witness hears.
func (s Settings) startReceiver(t *tap, w *witness) (*fakesyslog.Server, net.Addr, error) {
	receiver := &fakesyslog.Server{Hook: w.syslog, Quiet: true, Keep: -1, Remember: 1 << 10, Framing: s.receiverFraming(), Out: t, Seed: s.Seed}
	address, err := receiver.Start(string(s.Transport), "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	for _, f := range s.handicap.receiver {
		if _, err := receiver.Inject(f); err != nil {
			return nil, nil, errors.Join(err, receiver.Close())
		}
	}
	return receiver, address, nil
}

// start starts the lane's receiver and its agent, in that order.
func (l *lane) start(s Settings, n int, directory string) error {
	var address net.Addr
	var err error
	if l.receiver, address, err = s.startReceiver(l.tap, &l.seen); err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(address.String())
	if err != nil {
		return err
	}
	c := console.DefaultConfiguration()
	c.Name, c.Alerts.Enabled = fmt.Sprintf("load-%d", n), s.Alerts > 0
	c.Remote = console.Remote{Host: host, Protocol: s.consoleTransport()}
	c.Remote.Port, _ = strconv.Atoi(port)
	added, err := l.service.Tenant().AddAgent(c)
	if err != nil {
		return err
	}
	l.id = added.ID
	own := filepath.Join(directory, c.Name)
	if err := os.Mkdir(own, 0o700); err != nil {
		return err
	}
	call := agentCall{
		token: added.Token, seed: s.Seed + uint64(n), directory: own, receiver: address.String(), service: l.service.URL(), serviceCA: l.service.CAPEM(),
		settings: agent.Settings{CheckpointDirectory: own, RequestsPerMinute: s.requests(), PullPeriod: agent.Duration(s.Pull), Framing: s.Framing},
	}
	if s.Transport == TLS {
		call.receiverCA = filepath.Join(own, "receiver.pem")
		if err := os.WriteFile(call.receiverCA, l.receiver.CAPEM(), 0o600); err != nil {
			return err
		}
		call.settings.TLS = &agent.TLS{CAFile: call.receiverCA}
	}
	l.agent, err = l.startAgent(s, call)
	return err
}

// startAgent starts what is to be tested.
func (l *lane) startAgent(s Settings, call agentCall) (forwarder, error) {
	switch a := s.Agent; {
	case a.plain != nil:
		return startPlain(a.plain, call, s, l.service.Tenant())
	case a.command != nil:
		return startForeign(a.command, call)
	case a.binary != "":
		return startBinary(a.binary, call)
	}
	return startInProcess(call, l.service.CA())
}

// begun says whether the agent has begun its work: made contact, if it is the
// project's own; asked for something, if it is another.
func (l *lane) begun(a Agent) bool {
	switch {
	case a.plain != nil:
		return true
	case a.ours():
		return !l.service.Tenant().LastContact(l.id).IsZero()
	}
	return l.service.seen.hasAsked(l.id)
}

// stop ends the agent; the receiver goes on, to take what it still confirms.
func (l *lane) stop() error {
	if l.agent == nil {
		return nil
	}
	return l.agent.stop()
}

func (l *lane) close() error {
	if l.receiver == nil {
		return nil
	}
	return l.receiver.Close()
}

// errNotBegun is an agent that never got as far as the service.
var errNotBegun = errors.New("the agent asked nothing of the service within 30 s")
