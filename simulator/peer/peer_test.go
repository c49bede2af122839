package peer_test

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
	"siemdrill/simulator/peer"
)

// find finds a forwarder, or skips the test where it isn't installed, unless
// SIEMDRILL_REQUIRE contains "peers".
func find(t *testing.T, name, variant string) *peer.Program {
	t.Helper()
	program, err := peer.Find(name, variant)
	var missing *peer.Missing
	if errors.As(err, &missing) && !strings.Contains(os.Getenv("SIEMDRILL_REQUIRE"), "peers") {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return program
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// within bounds what a foreign program may take, in real time.
func within(t *testing.T, limit time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	t.Cleanup(cancel)
	return ctx
}

// feed runs a Feed of both types until the test ends.
func feed(t *testing.T, tenant *fakecas.Tenant, address string) *peer.Feed {
	f := &peer.Feed{Tenant: tenant, Address: address, Batch: 300, Every: 50 * time.Millisecond}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		f.Run(ctx)
		close(ended)
	}()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	return f
}

// Each forwarder, with each configuration and transport, forwards the tenant's
// records as lines that the receiver finds nothing wrong with.
func TestForwarders(t *testing.T) {
	for _, name := range peer.Names() {
		for _, variant := range peer.Variants() {
			for _, transport := range []string{"tcp", "udp", "tls"} {
				t.Run(name+"/"+variant+"/"+transport, func(t *testing.T) {
					t.Parallel()
					g := NewWithT(t)
					activities, alerts := 900, 100
					if transport == "udp" {
						activities = 100 // a socket's buffer holds a few hundred
					}
					program := find(t, name, variant)
					tenant := fakecas.NewTestServer(t).Tenant()
					receiver, address := fakesyslog.Run(t, transport)
					route := peer.Route{Listen: freeAddress(t), Receiver: address, Transport: transport, Folder: t.TempDir()}
					route.CAFile = filepath.Join(route.Folder, "receiver.pem")
					g.Expect(os.WriteFile(route.CAFile, receiver.CAPEM(), 0o600)).To(Succeed())
					process, err := program.Start(t.Context(), route)
					g.Expect(err).NotTo(HaveOccurred())
					t.Cleanup(process.Kill)

					f := feed(t, tenant, route.Listen)
					tenant.AddActivities(activities, fakecas.Spread{Over: time.Minute})
					tenant.AddAlerts(alerts, fakecas.Spread{Over: time.Minute})
					f.Wake()
					g.Expect(receiver.Await(within(t, 20*time.Second), fakesyslog.Parsed, activities+alerts)).To(Succeed(),
						"%s\n%v", process.Console(), receiver.Ledger().Wrong())
					g.Expect(receiver.Ledger().Wrong()).To(BeEmpty())
					came := map[string]bool{}
					for _, e := range receiver.Arrivals() {
						came[e.ID] = true
					}
					for entry := range tenant.Ledger() {
						g.Expect(came).To(HaveKey(entry.ID))
					}
					g.Expect(f.Progress().Why).To(BeEmpty())
					g.Expect(process.Stop()).To(Succeed(), process.Console())
				})
			}
		}
	}
}

// What isn't there is said in one line, and told apart from what can't be.
func TestFind(t *testing.T) {
	g := NewWithT(t)
	var missing *peer.Missing
	_, err := peer.Find("nxlog", "default")
	g.Expect(err).To(MatchError(`unknown forwarder "nxlog": expected one of: rsyslog, syslog-ng`))
	g.Expect(errors.As(err, &missing)).To(BeFalse())
	_, err = peer.Find("rsyslog", "fast")
	g.Expect(err).To(MatchError(`rsyslog has no configuration "fast": expected one of: default, tuned, durable`))

	t.Setenv("SIEMDRILL_RSYSLOG", "/nowhere")
	_, err = peer.Find("rsyslog", "default")
	g.Expect(errors.As(err, &missing)).To(BeTrue())
	g.Expect(err).To(MatchError("rsyslog is not installed: SIEMDRILL_RSYSLOG is /nowhere, where usr/sbin/rsyslogd is expected (tools/peers unpacks it)"))
	t.Setenv("PATH", "")
	t.Setenv("SIEMDRILL_RSYSLOG", "")
	_, err = peer.Find("rsyslog", "default")
	if err != nil { // where no root's path leads to one
		g.Expect(errors.As(err, &missing)).To(BeTrue())
	}
}

func TestNamed(t *testing.T) {
	g := NewWithT(t)
	for word, want := range map[string][]any{
		"rsyslog":           {"rsyslog", "default", true},
		"syslog-ng:durable": {"syslog-ng", "durable", true},
		"./my-agent":        {"./my-agent", "default", false},
	} {
		name, variant, ok := peer.Named(word)
		g.Expect([]any{name, variant, ok}).To(Equal(want), word)
	}
}

func TestARouteThatCantBeWrittenDown(t *testing.T) {
	g := NewWithT(t)
	p := &peer.Program{Name: "rsyslog", Variant: "default"}
	good := peer.Route{Listen: "127.0.0.1:1", Receiver: "siem.contoso.com:514", Folder: "/tmp"}
	_, err := p.Configuration(good)
	g.Expect(err).NotTo(HaveOccurred())
	for want, spoil := range map[string]func(*peer.Route){
		"where rsyslog listens: ":                               func(r *peer.Route) { r.Listen = "127.0.0.1" },
		"where rsyslog sends to: ":                              func(r *peer.Route) { r.Receiver = "x" },
		`transport "dtls" of rsyslog: expected tcp, udp or tls`: func(r *peer.Route) { r.Transport = "dtls" },
		`Folder "/tmp/\"x" of rsyslog: expected no quotes`:      func(r *peer.Route) { r.Folder = `/tmp/"x` },
	} {
		bad := good
		spoil(&bad)
		_, err := p.Configuration(bad)
		g.Expect(err).To(MatchError(HavePrefix(want)))
	}
}

// A configuration that the program refuses is an error with what it said.
func TestAForwarderThatDoesNotStart(t *testing.T) {
	for _, name := range peer.Names() {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			program := find(t, name, "default")
			_, err := program.Start(within(t, 3*time.Second), peer.Route{Listen: "192.0.2.1:1", Receiver: "127.0.0.1:1", Folder: t.TempDir()})
			g.Expect(err).To(MatchError(ContainSubstring(name + ": ")))
			g.Expect(err).To(MatchError(MatchRegexp("192.0.2.1|assign|bind")), "what it said")
		})
	}
}
