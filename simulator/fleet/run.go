package fleet

import (
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
	"siemdrill/simulator"
	"siemdrill/simulator/network"
)

// fleet is a run under way.
type fleet struct {
	Settings
	begin     time.Time
	scratch   *simulator.Scratch // has the checkpoints
	network   *network.Network
	receiver  *fakesyslog.Server
	siem      *network.Host
	tenants   []*tenant
	members   []*member
	byID      map[string]*member // as the portal knows them
	byAddress map[string]*member // as the receiver does
	answered  atomic.Int64       // requests
	sentAway  atomic.Int64       // of these, by the throttle
	owed      atomic.Int64       // records that have not arrived
	settled   chan struct{}      // gets one when there are none
}

const (
	receiverName    = "siem.contoso.com"
	receiverAddress = "203.0.113.10" // RFC 5737
	receiverPort    = 514
)

// Run makes a run in a bubble of t and returns what it found. Watch, which may
// be nil, is called from within with each virtual hour that is over. An error
// means that there is no result; a run that went badly has Failures.
func Run(t *testing.T, s Settings, watch func(Progress)) (Result, error) {
	if err := s.Validate(); err != nil {
		return Result{}, err
	}
	result := Result{V: 1, Agents: s.Agents, Shared: s.Shared, Throttle: !s.Free, Seed: s.Seed, CPUs: runtime.NumCPU()}
	meter := startMeter()
	hour := func(over time.Duration) {
		if watch != nil {
			watch(meter.progress(over))
		}
	}
	var err error
	simulator.Bubble(t, func() {
		f := &fleet{Settings: s}
		if err = f.open(); err == nil {
			err = f.play(hour)
		}
		if err == nil {
			f.finish(&result)
		}
		err = errors.Join(err, f.close())
	})
	meter.stop(&result)
	return result, err
}

// open builds the world: everything is there, and no agent runs.
func (f *fleet) open() error {
	f.begin = time.Now()
	f.byID, f.byAddress, f.settled = map[string]*member{}, map[string]*member{}, make(chan struct{}, 1)
	var err error
	if f.scratch, err = simulator.NewScratch("siemdrill-fleet-"); err != nil {
		return err
	}
	f.network = network.New()
	f.siem = f.network.AddHost(receiverName, receiverAddress)
	f.receiver = &fakesyslog.Server{
		Hook:           f.arrival,
		Listen:         f.siem.Listen,
		Keep:           -1,
		Remember:       1, // the accounts remember
		MaxConnections: 4 * f.Agents,
	}
	if _, err := f.receiver.Start("tcp", fmt.Sprintf(":%d", receiverPort)); err != nil {
		return err
	}
	for n := range f.Agents {
		if err := f.add(n); err != nil {
			return err
		}
	}
	return nil
}

// add adds agent n, and its tenant if it has one of its own.
func (f *fleet) add(n int) error {
	if n == 0 || !f.Shared {
		if err := f.addTenant(n); err != nil {
			return err
		}
	}
	m := &member{name: fmt.Sprintf("agent-%04d", n), plan: f.plan(n, f.begin), tenant: f.tenants[len(f.tenants)-1]}
	address := after(firstAgent, n)
	m.host = f.network.AddHost(m.name, address)
	m.timetable.outages = m.plan.Outages
	if err := m.enroll(f); err != nil {
		return err
	}
	m.tenant.members = append(m.tenant.members, m)
	f.members = append(f.members, m)
	f.byID[m.id], f.byAddress[address] = m, m
	return nil
}

func (f *fleet) addTenant(n int) error {
	name := fmt.Sprintf("tenant-%04d", n)
	host := name + ".eu.portal.cloudappsecurity.com"
	t := &tenant{host: f.network.AddHost(host, after(firstService, n))}
	t.service = &fakecas.Server{
		Hook:     func(e fakecas.Event) { f.serviceEvent(t, e) },
		Listen:   t.host.Listen,
		Seed:     f.Seed + uint64(n),
		Settings: fakecas.Settings{Tenant: name, RequestsPerMinute: f.requests()},
		BaseURL:  "https://" + host,
		Hosts:    []string{host},
	}
	f.tenants = append(f.tenants, t)
	return t.service.Start(":443")
}

// contactRequest is what the service says of a contact that it has answered.
const contactRequest = "POST " + console.ContactPath + " 200"

// serviceEvent has the members concerned judge it at once: nothing is kept.
func (f *fleet) serviceEvent(t *tenant, e fakecas.Event) {
	switch e.Kind {
	case fakecas.KindRequest:
		f.answered.Add(1)
		if e.Detail == contactRequest {
			f.with(f.byID[e.Agent], func(m *member) { m.timetable.contact(e.Time) })
		}
	case fakecas.KindThrottled:
		f.sentAway.Add(1)
	case fakecas.KindStatus:
		f.with(f.byID[e.Agent], func(m *member) { m.timetable.tell(Change{statusCalled(e.Detail), e.Time}) })
	case fakecas.KindCreated:
		f.owed.Add(int64(len(t.members)))
		for _, m := range t.members {
			f.with(m, func(m *member) { m.account.created(e.Record) })
		}
	}
}

// arrival books a line with the member whose address it came from.
func (f *fleet) arrival(e fakesyslog.Event) {
	if e.Kind != fakesyslog.KindLine {
		return
	}
	client, _, _ := strings.Cut(e.Connection, ">")
	address, _, _ := net.SplitHostPort(client)
	f.with(f.byAddress[address], func(m *member) {
		if m.account.came(e.Record, m.tenant.holds) && f.owed.Add(-1) == 0 {
			select {
			case f.settled <- struct{}{}:
			default: // whoever waits is told already
			}
		}
	})
}

func (f *fleet) with(m *member, do func(*member)) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	do(m)
}

// holds says whether the tenant has a record.
func (t *tenant) holds(id string) bool {
	for r := range t.service.Tenant().Ledger() {
		if r.ID == id {
			return true
		}
	}
	return false
}

// statusCalled is the status with the vendor's word; -1 if there is none.
func statusCalled(word string) fakecas.Status {
	for s := fakecas.Created; s <= fakecas.Disconnected; s++ {
		if s.String() == word {
			return s
		}
	}
	return -1
}

// play lets the fleet live until every record has arrived, or the time for that
// is over too.
func (f *fleet) play(hour func(over time.Duration)) error {
	var lives sync.WaitGroup
	errs := make([]error, len(f.members))
	for i, m := range f.members {
		lives.Go(func() { errs[i] = m.live(f) })
	}
	for _, t := range f.tenants {
		lives.Go(func() { f.generate(t) })
	}
	for over := time.Hour; over <= f.For; over += time.Hour {
		time.Sleep(time.Until(f.begin.Add(over)))
		hour(over)
	}
	lives.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	f.drain()
	return nil
}

// drain waits until nothing is owed, or the time for that is over.
func (f *fleet) drain() {
	timer := time.NewTimer(drainLimit)
	defer timer.Stop()
	for f.owed.Load() > 0 {
		select {
		case <-f.settled: // perhaps an earlier time
		case <-timer.C:
			return
		}
	}
}

// drainLimit is how long the last records may take: they are withheld for 5 s, and
// pulled every 30 s.
const drainLimit = time.Minute

// generate creates activities at a steady rate.
func (f *fleet) generate(t *tenant) {
	next := f.begin.Add(t.members[0].plan.Activity)
	for ; next.Before(f.begin.Add(f.For)); next = next.Add(f.every()) {
		time.Sleep(time.Until(next))
		t.service.Tenant().AddActivities(1, fakecas.Spread{})
	}
}

// finish adds up what the members found.
func (f *fleet) finish(r *Result) {
	now := time.Now()
	r.Virtual = now.Sub(f.begin).Seconds()
	r.Requests, r.Throttled = int(f.answered.Load()), int(f.sentAway.Load())
	for _, m := range f.members {
		wrong := m.finish(now)
		r.Wrong += min(1, len(wrong))
		r.fail(wrong...)
		r.Contacts += m.timetable.contacts
		r.Changes += len(m.timetable.told)
		r.Looks += m.timetable.looks
		r.Records += m.account.records
		r.Again += m.account.again
		r.Missing += len(m.account.owed)
	}
}

// close ends everything. It returns when nothing of the fleet runs.
func (f *fleet) close() error {
	var errs []error
	for _, m := range f.members {
		errs = append(errs, m.stop())
	}
	for _, t := range f.tenants {
		errs = append(errs, t.service.Close())
	}
	if f.receiver != nil {
		errs = append(errs, f.receiver.Close())
	}
	if f.scratch != nil {
		errs = append(errs, f.scratch.Remove())
	}
	return errors.Join(errs...)
}
