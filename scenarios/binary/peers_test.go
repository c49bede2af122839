//go:build linux

package binary_test

import (
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

// faulty is a receiver with the faults of TestPeers.
type faulty interface {
	address() string
	authority() string // a file in PEM; over TLS only
	fault(fault string, h *hosts)
	came() map[string]int
	tookAlong() map[string]bool // those that it had read and not used when it died
}

// fake is our own.
type fake struct {
	t      *testing.T
	server *fakesyslog.Server
	first  string
	counts *arrivals
}

func newFake(t *testing.T, overTLS bool) *fake {
	network := "tcp"
	if overTLS {
		network = "tls"
	}
	s, counts, address := receiver(t, network)
	return &fake{t, s, address, counts}
}

func (f *fake) address() string { return f.first }

func (f *fake) authority() string {
	file := filepath.Join(f.t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, f.server.CAPEM(), 0o600); err != nil {
		f.t.Error(err)
	}
	return file
}

func (f *fake) fault(fault string, h *hosts) {
	inject := func(fault fakesyslog.Fault) {
		f.t.Helper()
		if _, err := f.server.Inject(fault); err != nil {
			f.t.Error(err)
		}
	}
	switch fault {
	case "A":
		inject(fakesyslog.Fault{Name: "refuse", Args: map[string]string{"established": "true"}})
		time.Sleep(2 * time.Second)
	case "B":
		inject(fakesyslog.Fault{Name: "close"})
	case "C":
		inject(fakesyslog.Fault{Name: "stall"})
		time.Sleep(5 * time.Second)
		inject(fakesyslog.Fault{Name: "reset"})
	case "D":
		inject(fakesyslog.Fault{Name: "crash"})
		time.Sleep(3 * time.Second)
	case "E":
		_, port, _ := net.SplitHostPort(f.first)
		inject(fakesyslog.Fault{Name: "moved", Args: map[string]string{"to": "127.0.0.2:" + port}})
		h.move(f.t, "127.0.0.2")
		return
	}
	f.server.HealAll()
}

func (f *fake) came() map[string]int {
	f.counts.mu.Lock()
	defer f.counts.mu.Unlock()
	times := map[string]int{}
	for id, n := range f.counts.times {
		times[id] = n
	}
	return times
}

func (f *fake) tookAlong() map[string]bool {
	ids := map[string]bool{}
	for _, e := range f.server.Ledger().Wrong() {
		if e.Place == fakesyslog.Unread {
			ids[e.ID] = true
		}
	}
	return ids
}

// The faults, and what the receiver does in each:
//
//	A  resets the connection, and refuses for 2 s
//	B  closes, and accepts again at once
//	C  stops reading for 5 s, then resets
//	D  is killed, and is back after 3 s
//	E  moves: its name has another address
//
// Whatever the receiver, none of the records that it is sent is lost, and at
// most K = 1,000 come twice. SIEMDRILL_LINES is how many.
func TestPeers(t *testing.T) {
	for _, fault := range []string{"A", "B", "C", "D", "E"} {
		playPeers(t, false, fault)
	}
}

// TestPeersOverTLS has the faults in which the end of a TLS stream must be told
// from that of its connection.
func TestPeersOverTLS(t *testing.T) {
	for _, fault := range []string{"A", "B", "D"} {
		playPeers(t, true, fault)
	}
}

// playPeers plays one fault with each receiver, under each load.
func playPeers(t *testing.T, overTLS bool, fault string) {
	receivers := map[string]func(t *testing.T) faulty{
		"fakesyslog": func(t *testing.T) faulty { return newFake(t, overTLS) },
		"rsyslog":    func(t *testing.T) faulty { return newDaemon(t, overTLS, rsyslog(t)) },
		"syslog-ng":  func(t *testing.T) faulty { return newDaemon(t, overTLS, syslogNG(t)) },
	}
	for name, made := range receivers {
		for load := range loads {
			t.Run(name+"/"+fault+"/"+load, func(t *testing.T) {
				t.Parallel()
				NewWithT(t).Expect(playPeer(t, made, overTLS, load, fault)).To(BeZero())
			})
		}
	}
}

// k is how many lines a fault makes come twice at most.
const k = 1000

// playPeer plays once, and says how many records were lost that somebody could
// have known of.
func playPeer(t *testing.T, made func(t *testing.T) faulty, overTLS bool, load, fault string) (lost int) {
	g := NewWithT(t)
	var h *hosts
	if fault == "E" {
		h = newHosts(t, "127.0.0.1")
	}
	receiver := made(t)
	settings := map[string]any{"confirmLines": k, "confirmShare": 100}
	if overTLS {
		settings["tls"] = map[string]any{"caFile": receiver.authority()}
	}
	s, a := service(t, receiver.address())
	if h != nil {
		g.Expect(s.Tenant().EditAgent(a.ID, func(c *console.Configuration) { c.Remote.Host = movingName })).To(Succeed())
	}
	run := newRunner(t, s, a, settings)
	run.hosts = h
	over := make(chan struct{})
	fail := func() {
		defer close(over)
		receiver.fault(fault, h)
	}
	loads[load](s.Tenant(), size("SIEMDRILL_LINES", 4000), receiver, func() { run.start() }, fail)
	<-over
	lost, again, came := missed(receiver, s.Tenant())
	if fault == "D" && lost > 0 {
		taken, died := receiver.tookAlong(), 0
		times := receiver.came()
		for record := range s.Tenant().Ledger() {
			if times[record.ID] == 0 && taken[record.ID] {
				died++
			}
		}
		t.Logf("%d died with the receiver, which had read them", died)
		lost -= died
	}
	t.Logf("%d lines: %d lost, %d came twice", came, lost, again)
	g.Expect(again).To(BeNumerically("<=", k))
	return lost
}

// loads are what is sent when the fault comes.
var loads = map[string]func(tenant *fakecas.Tenant, lines int, receiver faulty, start, fail func()){
	// At 4,000 a second, of which two fifths have come to be.
	"steady": func(tenant *fakecas.Tenant, lines int, _ faulty, start, fail func()) {
		const each, tick = 200, 50 * time.Millisecond
		start()
		ticks := time.NewTicker(tick)
		defer ticks.Stop()
		for created := each; created <= lines; created += each {
			tenant.AddActivities(each, fakecas.Spread{})
			if created == lines*2/5 {
				go fail()
			}
			<-ticks.C
		}
	},
	// Ten times as many at once, as fast as all of them can, once some have come.
	"full speed": func(tenant *fakecas.Tenant, lines int, receiver faulty, start, fail func()) {
		tenant.AddRecords(fakecas.Activity, 10*lines, fakecas.Spread{Ago: time.Hour, Over: 40 * time.Hour})
		start()
		for began := time.Now(); len(receiver.came()) == 0 && time.Since(began) < time.Minute; {
			time.Sleep(5 * time.Millisecond) // a daemon does not tell
		}
		fail()
	},
}

// missed compares what came with what is in the tenant, once all of it has come
// or after a minute.
func missed(receiver faulty, tenant *fakecas.Tenant) (lost, again, came int) {
	for began := time.Now(); ; time.Sleep(200 * time.Millisecond) { // a daemon does not tell
		times := receiver.came()
		lost, again, came = 0, 0, 0
		for record := range tenant.Ledger() {
			n := times[record.ID]
			came += min(n, 1)
			again += max(n-1, 0)
			lost += 1 - min(n, 1)
		}
		if lost == 0 || time.Since(began) > time.Minute {
			return lost, again, came
		}
	}
}
