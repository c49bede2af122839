package load

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

// A short run over the kernel's loopback in real time, with a fault in it:
// everything arrives, and what the tap counts agrees with the ledger.
func TestRun(t *testing.T) {
	for _, transport := range []Transport{TCP, TLS} {
		t.Run(string(transport), func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			fault, err := ParseFault("at 1s reset first=1 for 1s")
			g.Expect(err).NotTo(HaveOccurred())
			profile, err := ParseProfile("500")
			g.Expect(err).NotTo(HaveOccurred())
			samples := 0
			r, err := Run(t.Context(), Settings{
				Profile: profile, For: 3 * time.Second, Drain: time.Minute, Transport: transport, Pull: 200 * time.Millisecond,
				Faults: []Fault{fault}, Seed: 1, Agents: 2,
			}, func(Sample, time.Duration) { samples++ })
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(r.Ledger.Created).To(Equal(1500))
			g.Expect(r.Lost()).To(BeZero())
			g.Expect(r.Whole.First).To(Equal(r.Ledger.Arrived))
			g.Expect(r.Whole.Ages.Count()).To(BeEquivalentTo(1500))
			g.Expect(r.Whole.OutOfOrder).To(BeZero())
			g.Expect(r.Offered).To(BeEquivalentTo(500))
			g.Expect(r.Windows).To(HaveLen(3))
			g.Expect(r.Faults).To(HaveLen(1))
			g.Expect(r.Faults[0].Hits).To(BeNumerically(">", 0))
			g.Expect(samples).To(Equal(len(r.Samples)))
			var table bytes.Buffer
			g.Expect(r.Write(&table)).To(Succeed())
			g.Expect(table.String()).To(ContainSubstring("during fault"))
			_, err = json.Marshal(r)
			g.Expect(err).NotTo(HaveOccurred())
		})
	}
}

// failuresOf is why a run failed, but for a machine that was too busy to create
// records in time.
func failuresOf(r Result) (all []string) {
	for _, why := range r.Failures {
		if !strings.Contains(why, "what it created was up to") {
			all = append(all, why)
		}
	}
	return all
}

// The alerts that the service makes about an agent are not lost: nobody was to
// forward them.
func TestBook(t *testing.T) {
	g := NewWithT(t)
	cas := fakecas.NewTestServer(t)
	cas.Tenant().AddAlerts(1, fakecas.Spread{})
	cas.Tenant().AddActivities(2, fakecas.Spread{})
	receiver, _ := fakesyslog.Run(t, "tcp")
	r := &run{result: new(Result)}
	g.Expect(r.book(&lane{service: &service{Server: cas.Server}, receiver: receiver})).To(Succeed())
	g.Expect(r.result.Ledger.Created).To(Equal(2))
	g.Expect(r.result.Lost()).To(Equal(2))
	r = &run{result: new(Result), Settings: Settings{Alerts: 0.5}}
	g.Expect(r.book(&lane{service: &service{Server: cas.Server}, receiver: receiver})).To(Succeed())
	g.Expect(r.result.Lost()).To(Equal(3))
}

// A share of the records can be alerts, which come by a list of their own.
func TestRunWithAlerts(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	s := brief(t, Agent{})
	s.Alerts, s.Pull = 0.25, 100*time.Millisecond
	r, err := Run(t.Context(), s, nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(failuresOf(r)).To(BeEmpty())
	g.Expect(r.Ledger.Created).To(Equal(1000))
	g.Expect(r.Lost()).To(BeZero(), "%+v", r.Ledger)
	g.Expect(r.Whole.First).To(Equal(1000))
	g.Expect(r.Whole.OutOfOrder).To(BeZero())
}

func TestMix(t *testing.T) {
	g := NewWithT(t)
	cas := fakecas.NewTestServer(t)
	m := &mix{tenant: cas.Tenant(), share: 0.1}
	for range 25 {
		m.create(3, fakecas.Spread{})
	}
	g.Expect(cas.Tenant().Count(fakecas.Alert)).To(Equal(7))
	g.Expect(cas.Tenant().Count(fakecas.Activity)).To(Equal(68))
	all := &mix{tenant: cas.Tenant(), share: 1}
	all.create(5, fakecas.Spread{})
	g.Expect(cas.Tenant().Count(fakecas.Alert)).To(Equal(12))
}

// A run that is cut short has a result for as long as it was.
func TestRunCutShort(t *testing.T) {
	t.Parallel()
	g := NewWithT(t)
	ctx, cancel := context.WithCancel(t.Context())
	profile, err := ParseProfile("500")
	g.Expect(err).NotTo(HaveOccurred())
	late, err := ParseFault("at 5m stall")
	g.Expect(err).NotTo(HaveOccurred())
	r, err := Run(ctx, Settings{
		Profile: profile, For: 10 * time.Minute, Drain: 2 * time.Second, Transport: UDP, Pull: 200 * time.Millisecond, Faults: []Fault{late},
	}, func(s Sample, _ time.Duration) {
		if s.Created > 0 {
			cancel()
		}
	})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r.Load).To(BeNumerically("<", 300))
	g.Expect(r.Offered).To(BeNumerically("~", 500, 200))
	g.Expect(r.Faults).To(BeEmpty())
	g.Expect(r.Ledger.Arrived + r.Lost()).To(Equal(r.Ledger.Created)) // over UDP some may be lost
}

func TestSettings(t *testing.T) {
	good := Settings{For: time.Second, Transport: TCP, Agents: 1, Shards: 1}
	NewWithT(t).Expect(good.Validate()).To(Succeed())
	for expected, change := range map[string]func(*Settings){
		"for:":       func(s *Settings) { s.For = 0 },
		"alerts:":    func(s *Settings) { s.Alerts = 1.5 },
		"drain":      func(s *Settings) { s.Drain = -1 },
		"transport:": func(s *Settings) { s.Transport = "http" },
		"framing:":   func(s *Settings) { s.Framing = "x" },
		"agents:":    func(s *Settings) { s.Agents = 0 },
		"shard:":     func(s *Settings) { s.Shard = 1 },
		"fault:":     func(s *Settings) { s.Faults = []Fault{{At: time.Hour}} },
	} {
		bad := good
		change(&bad)
		err := bad.Validate()
		NewWithT(t).Expect(err).To(MatchError(HavePrefix(expected)))
		NewWithT(t).Expect(strings.Contains(err.Error(), "\n")).To(BeFalse())
	}
}
