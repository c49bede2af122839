package fleet

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"siemdrill/agent"
	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/simulator/network"
)

// tenant is a service and where it lives. A service has one tenant, as the
// vendor's address of one looks: TENANT.REGION.portal.cloudappsecurity.com.
type tenant struct {
	service *fakecas.Server
	host    *network.Host
	members []*member
}

// member is one agent of the fleet.
type member struct {
	name      string
	plan      Plan
	tenant    *tenant
	host      *network.Host
	id        string // in the portal
	config    agent.Config
	run       *life // the last one
	mu        sync.Mutex
	timetable timetable
	account   account
}

// life is one run of an agent.
type life struct {
	cancel context.CancelFunc
	ended  chan error
}

// addresses are those of the agents' hosts and of the services' (RFC 1918, RFC
// 2544).
var (
	firstAgent   = netip.MustParseAddr("10.0.0.1")
	firstService = netip.MustParseAddr("198.18.0.1")
)

// after is the n-th address after a.
func after(a netip.Addr, n int) string {
	b := a.As4()
	sum := int(b[1])<<16 + int(b[2])<<8 + int(b[3]) + n
	return netip.AddrFrom4([4]byte{b[0], byte(sum >> 16), byte(sum >> 8), byte(sum)}).String()
}

// enroll adds the agent in the portal.
func (m *member) enroll(f *fleet) error {
	c := console.DefaultConfiguration()
	c.Name = m.name
	c.Remote = console.Remote{Host: receiverName, Port: receiverPort, Protocol: console.TCP}
	added, err := m.tenant.service.Tenant().AddAgent(c)
	if err != nil {
		return err
	}
	m.id = added.ID
	m.config = agent.Config{
		Token:    added.Token,
		Settings: agent.Settings{CheckpointDirectory: f.scratch.Path, RequestsPerMinute: f.requests()},
		Dial:     m.host.Dial,
		Lookup:   m.host.Lookup,
		RootCAs:  m.tenant.service.CA(),
		Seed:     f.Seed,
		Machine:  m.name,
	}
	return nil
}

// start starts the agent's process.
func (m *member) start() error {
	a, err := agent.New(m.config)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	m.run = &life{cancel, make(chan error, 1)}
	ended := m.run.ended
	go func() { ended <- a.Run(ctx) }()
	return nil
}

// stop asks the process to end and returns why it did.
func (m *member) stop() error {
	if m.run == nil {
		return nil
	}
	m.run.cancel()
	err := <-m.run.ended
	m.run = nil
	return err
}

// live goes through the agent's plan, and looks at the portal when its status
// is about to change and when it has.
func (m *member) live(f *fleet) error {
	time.Sleep(m.plan.Start)
	err := m.start()
	for _, o := range m.plan.Outages {
		if err != nil {
			break
		}
		time.Sleep(time.Until(o.From))
		m.look()
		if err = m.begin(f, o.Kind); err == nil {
			m.watch(o)
			err = m.end(f, o.Kind)
		}
		time.Sleep(contactPeriod + tolerance)
		m.look()
	}
	return err
}

// begin brings an outage about.
func (m *member) begin(f *fleet, kind Kind) error {
	switch kind {
	case Killed:
		m.host.KillProcess() // what it sends from now on is nobody's
		_ = m.stop()         // however it ends
	case CutOff:
		f.network.Cut(m.host, m.tenant.host)
	case ServiceAway:
		_, err := m.tenant.service.Inject(fakecas.Fault{Name: "refuse", Args: map[string]string{"established": "true"}})
		return err
	}
	return nil
}

// end undoes it.
func (m *member) end(f *fleet, kind Kind) error {
	switch kind {
	case Killed:
		return m.start()
	case CutOff:
		f.network.Mend(m.host, m.tenant.host)
	case ServiceAway:
		return m.tenant.service.Heal("refuse")
	}
	return nil
}

// watch looks at the portal in an outage: at the last instant of a status and a
// second into the next. It returns when the outage is over.
func (m *member) watch(o Outage) {
	time.Sleep(tolerance) // a contact may have been under way
	m.mu.Lock()
	last := m.timetable.last
	m.mu.Unlock()
	for _, r := range rule {
		time.Sleep(time.Until(last.Add(r.after)))
		m.look()
		time.Sleep(tolerance)
		m.look()
	}
	time.Sleep(time.Until(o.To))
	m.look()
}

func (m *member) look() {
	shown, _ := m.tenant.service.Tenant().Agent(m.id)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.timetable.look(shown.Status, time.Now())
}

// finish says what was wrong with it.
func (m *member) finish(now time.Time) []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	held := 0
	for range m.tenant.service.Tenant().Ledger() {
		held++
	}
	wrong := append(m.timetable.finish(now), m.account.finish(held)...)
	for i, what := range wrong {
		wrong[i] = fmt.Sprintf("%s: %s", m.name, what)
	}
	return wrong
}
