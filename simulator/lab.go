package simulator

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
	"siemdrill/simulator/network"
)

// The names of the hosts of a Lab, and their ports.
const (
	serviceName  = "contoso.eu.portal.cloudappsecurity.com"
	servicePort  = 443
	receiverName = "siem.contoso.com"
	receiverPort = 514
	// receiverTLSPort is the one that RFC 5425, section 4.1, gives.
	receiverTLSPort = 6514
	proxyName       = "proxy.contoso.com"
	proxyPort       = 8080
	proxyAddress    = proxyName + ":8080"
)

// hostNames is what scripts call the hosts.
var hostNames = []string{"agent", "cas", "proxy", "syslog"}

// names are the hosts' own.
var names = map[string]string{"agent": "agent", "cas": serviceName, "proxy": proxyName, "syslog": receiverName}

// labStart is when a Lab begins: a Monday morning after the certificates' time.
var labStart = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

// Lab is a whole simulated world: a service, a receiver, agents and the network
// between them, with the History of what happened there. One of NewLab is made,
// used and closed in one Bubble.
type Lab struct {
	Start   time.Time
	Seed    uint64
	History *History
	CAS     *fakecas.Server
	Syslog  *fakesyslog.Server

	world     world
	service   service
	receiver  receiver
	proxy     proxyHost
	files     map[string][]byte // of the script
	scratch   *Scratch          // nil where the world has the files
	directory string            // of checkpoints
	agents    map[string]*labAgent
	checks    []CheckResult
}

// NewLab builds a Lab in a bubble, whose random choices all follow from seed. The
// service and the receiver are up; there is no agent yet.
func NewLab(seed uint64) (*Lab, error) {
	l := &Lab{Seed: seed, History: &History{}}
	return l, l.build(newBubble(func(e network.Event) { l.note(FromNetwork, fields(e)) }))
}

// build puts service and receiver into a world that is empty.
func (l *Lab) build(w world) error {
	l.world, l.Start, l.agents = w, w.now(), map[string]*labAgent{}
	own, err := NewScratch("siemdrill-lab-")
	if err != nil {
		return errors.Join(fmt.Errorf("a directory for the checkpoints: %w", err), w.close())
	}
	l.scratch, l.directory = own, own.Path
	l.proxy = &ownProxy{site: w}
	if err := errors.Join(l.startService(), l.startReceiver(receiverKind{})); err != nil {
		return errors.Join(err, l.Close())
	}
	return nil
}

func (l *Lab) startService() error {
	l.CAS = newService(l.world, l.Seed, l.serviceURL())
	l.CAS.Hook = func(e fakecas.Event) { l.note(FromCAS, fields(e)) }
	l.service = ownService{l.CAS}
	return l.CAS.Start(fmt.Sprintf(":%d", servicePort))
}

// newService is a service of a site, which listens nowhere yet.
func newService(s site, seed uint64, url string) *fakecas.Server {
	return &fakecas.Server{
		Clock:   s.clock(),
		Listen:  s.place("cas").listen,
		Seed:    seed,
		BaseURL: url,
		Hosts:   []string{serviceName},
	}
}

// serviceURL is what tokens carry.
func (l *Lab) serviceURL() string { return serviceURL(l.world) }

func serviceURL(s site) string {
	host, port := s.host("cas"), s.port(servicePort)
	if port == servicePort {
		return "https://" + host
	}
	return fmt.Sprintf("https://%s:%d", host, port)
}

// receiverKind is what kind of syslog server the Lab has.
type receiverKind struct {
	Framing  fakesyslog.Framing
	MaxSize  int
	LongLine fakesyslog.LongLine
}

// receiverPorts are where the receiver listens.
var receiverPorts = map[string]int{"tcp": receiverPort, "udp": receiverPort, "tls": receiverTLSPort}

// linesKept is how many raw lines the receiver keeps to be looked at.
const linesKept = 1000

func (l *Lab) startReceiver(kind receiverKind) error {
	l.Syslog = newReceiver(l.world, l.Seed, kind)
	l.Syslog.Hook = func(e fakesyslog.Event) { l.note(FromSyslog, fields(e)) }
	l.receiver = ownReceiver{l}
	if err := openReceiver(l.Syslog); err != nil {
		return err
	}
	return os.WriteFile(l.receiverCAFile(), l.Syslog.CAPEM(), 0o600)
}

// newReceiver is a receiver of a site, which listens nowhere yet.
func newReceiver(s site, seed uint64, kind receiverKind) *fakesyslog.Server {
	host := s.place("syslog")
	return &fakesyslog.Server{
		Clock:        s.clock(),
		Listen:       host.listen,
		ListenPacket: host.listenPacket,
		Dial:         host.dial,
		Seed:         seed,
		Names:        []string{receiverName},
		Keep:         linesKept,
		Framing:      kind.Framing,
		MaxSize:      kind.MaxSize,
		LongLine:     kind.LongLine,
	}
}

// openReceiver has it listen where a receiver does.
func openReceiver(s *fakesyslog.Server) error {
	for transport, port := range receiverPorts {
		if _, err := s.Start(transport, fmt.Sprintf(":%d", port)); err != nil {
			return err
		}
	}
	return nil
}

// receiverCAFile is where agents that use TLS find whom to trust.
func (l *Lab) receiverCAFile() string { return filepath.Join(l.directory, "receiver-ca.pem") }

func (l *Lab) restartReceiver(kind receiverKind) error {
	if err := l.Syslog.Close(); err != nil {
		return err
	}
	return l.startReceiver(kind)
}

// fields is an event of any room: they agree on the fields, not on a type.
type fields struct {
	Time                                    time.Time
	Kind, Agent, Connection, Record, Detail string
}

func (l *Lab) note(source Source, f fields) {
	l.History.Append(Event{T: f.Time, Source: source, Kind: f.Kind, Agent: f.Agent,
		Connection: f.Connection, Record: f.Record, Detail: f.Detail})
}

// Now is the Lab's time.
func (l *Lab) Now() time.Time { return l.world.now() }

// Advance lets d pass, and then whatever is due by then. In a bubble it never
// fails; on real processes an error says who did not come to rest.
func (l *Lab) Advance(d time.Duration) error { return l.world.advance(d, 0) }

// AdvanceWithin does what Advance does. Where an agent can't be told the time, it
// is given real to do what it does in d; 0: d.
func (l *Lab) AdvanceWithin(d, real time.Duration) error { return l.world.advance(d, real) }

// AdvanceUntil does what AdvanceWithin does, and where that takes real time it
// ends early, a second after what it waits for has come about.
func (l *Lab) AdvanceUntil(d, real time.Duration, wanted func(l *Lab, end time.Time) func() bool) error {
	w, takesTime := l.world.(interface {
		advanceUntil(d, real time.Duration, enough func() bool) error
	})
	if !takesTime {
		return l.world.advance(d, real)
	}
	return w.advanceUntil(d, real, wanted(l, l.Now().Add(d)))
}

// untilArrived waits until every record that will be due at the end has arrived,
// or the newest has and for five seconds nothing came. A forwarder that keeps the
// order has then nothing left.
func untilArrived(l *Lab, end time.Time) func() bool {
	const quiet = 5 * time.Second
	came, since := 0, time.Now()
	return func() bool {
		e := l.evidence()
		e.Now = end
		e.Ledger = slices.DeleteFunc(e.Ledger, func(r Entry) bool { return !l.forwarded(r.Type) })
		arrived := arrivals(e.Events)
		if len(arrived) != came {
			came, since = len(arrived), time.Now()
		}
		newest := len(e.Ledger) > 0 && arrived[e.Ledger[len(e.Ledger)-1].ID] > 0
		a := e.Account()
		return a.Due() > 0 && len(a.Lost) == 0 || newest && time.Since(since) > quiet
	}
}

// untilHit waits until every fault that was injected has hit something.
func untilHit(l *Lab, _ time.Time) func() bool {
	return func() bool {
		met, _ := checkAssumptions(l.evidence())
		return met
	}
}

// forwarded says whether some agent is configured to forward records of a type.
func (l *Lab) forwarded(kind string) bool {
	for name := range l.agents {
		c := l.view(name).Configuration
		if kind == string(fakecas.Activity) && c.Activities.Enabled || kind == string(fakecas.Alert) && c.Alerts.Enabled {
			return true
		}
	}
	return false
}

// AdvanceTo lets time pass until t; it is an error if that is over.
func (l *Lab) AdvanceTo(t time.Time) error {
	if t.Before(l.Now()) {
		return fmt.Errorf("it is %s already, past %s", l.Now().Format(time.RFC3339Nano), t.Format(time.RFC3339Nano))
	}
	return l.Advance(t.Sub(l.Now()))
}

// Cut drops every packet between two of the hosts; neither end is told.
func (l *Lab) Cut(a, b string) error { return l.world.cut(a, b, true) }

// Mend lets packets between two of the hosts pass again.
func (l *Lab) Mend(a, b string) error { return l.world.cut(a, b, false) }

// Move gives a host the next address, which its name follows at once, or only
// after stale, as a name server may. Its old address is nobody's, if it
// swallows, or else somebody's who refuses.
func (l *Lab) Move(host string, swallow bool, stale time.Duration) error {
	return l.world.move(host, swallow, stale)
}

// StartProxy starts the customer's proxy, which agents use if they are told to.
func (l *Lab) StartProxy() error { return l.proxy.start() }

// StopProxy stops it: its port refuses, and its tunnels end.
func (l *Lab) StopProxy() error { return l.proxy.stop() }

// InspectByProxy makes the proxy present a certificate of its own in place of
// the service's.
func (l *Lab) InspectByProxy() error { return l.proxy.inspect() }

// Close ends the agents, the fakes and the network, and removes what they left
// on the disk. Nothing of the Lab runs afterwards.
func (l *Lab) Close() error {
	if l.CAS == nil { // all of it is the world's
		return l.world.close()
	}
	for _, a := range l.agents {
		if a.run == nil || a.run.ended() {
			continue
		}
		if a.run.paused {
			_ = a.run.goOn()
		}
		_ = a.run.stop() // however it ends
	}
	return errors.Join(l.proxy.stop(), l.CAS.Close(), l.Syslog.Close(), l.world.close(), l.scratch.Remove())
}

// evidence is what checkers judge by, as of now.
func (l *Lab) evidence() Evidence {
	e := Evidence{Events: l.History.Events(), Now: l.Now(), Ledger: l.service.ledger()}
	for _, a := range slices.Sorted(maps.Keys(l.agents)) {
		e.Notifications = append(e.Notifications, l.Notifications(a)...)
	}
	if w, ok := l.world.(*forwarders); ok {
		e.Fed = w.fedSince()
	}
	return e
}
