package fakecas

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
)

func TestAddAgentFillsInIdTenantVersionAndToken(t *testing.T) {
	g := NewWithT(t)
	s := &Server{BaseURL: "https://api.contoso.test/"}
	a, err := s.Tenant().AddAgent(configured("one"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(a.ID).To(MatchRegexp("^[0-9a-f]{24}$"))
	g.Expect(a.Token).To(MatchRegexp("^[0-9a-zA-Z=]{64,192}$"))
	g.Expect(console.ServiceOf(a.Token)).To(Equal("https://api.contoso.test"))
	g.Expect(a.Configuration.Agent).To(Equal(a.ID))
	g.Expect(a.Configuration.Tenant).To(Equal("contoso"))
	g.Expect(a.Configuration.Version).To(Equal("1"))
	view, ok := s.Tenant().Agent("one")
	g.Expect(ok).To(BeTrue())
	g.Expect(view.ID).To(Equal(a.ID))
	g.Expect(view.Kind).To(Equal("Generic SIEM"))
	g.Expect(s.Close()).To(Succeed())
}

func TestIdsAndTokensFollowFromTheSeed(t *testing.T) {
	g := NewWithT(t)
	add := func(seed uint64) Agent {
		a, err := (&Server{Seed: seed, BaseURL: "https://a.test"}).Tenant().AddAgent(configured("one"))
		g.Expect(err).NotTo(HaveOccurred())
		return a
	}
	g.Expect(add(7)).To(Equal(add(7)))
	g.Expect(add(7).Token).NotTo(Equal(add(8).Token))
}

func TestAddAgentSaysWhatIsWrong(t *testing.T) {
	tenant := (&Server{BaseURL: "https://a.test"}).Tenant()
	for want, spoil := range map[string]func(*console.Configuration){
		"name: expected a name":        func(c *console.Configuration) { c.Name = "" },
		"remote.host: expected":        func(c *console.Configuration) { c.Remote.Host = "" },
		"remote.port: 0: expected":     func(c *console.Configuration) { c.Remote.Port = 0 },
		"remote.port: 70000: expected": func(c *console.Configuration) { c.Remote.Port = 70000 },
		`remote.protocol: "SCTP"`:      func(c *console.Configuration) { c.Remote.Protocol = "SCTP" },
		`format: "LEEF"`:               func(c *console.Configuration) { c.Format = "LEEF" },
		`timeFormat: "RFC 822"`:        func(c *console.Configuration) { c.TimeFormat = "RFC 822" },
		"recovery: from":               func(c *console.Configuration) { c.Recovery = &console.Recovery{} },
	} {
		c := configured("x")
		spoil(&c)
		_, err := tenant.AddAgent(c)
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(want)))
	}
	NewWithT(t).Expect(tenant.Agents()).To(BeEmpty())
	_, err := new(Server).Tenant().AddAgent(configured("x"))
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("no BaseURL")))
}

func TestConfigurationAndItsETag(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		r := w.do("GET", console.ConfigurationPath, nil)
		w.Expect(r.status).To(Equal(200))
		w.Expect(r.header.Get("ETag")).To(Equal(`"1"`))
		w.Expect(r.json(w.WithT)["agent"]).To(Equal(w.agent))
		w.Expect(r.json(w.WithT)["includePRI"]).To(BeTrue())

		w.Expect(w.do("GET", console.ConfigurationPath, nil, "If-None-Match", `"1"`).status).To(Equal(304))
		w.Expect(w.Tenant().EditAgent(w.agent, func(c *console.Configuration) { c.Remote.Port = 6514 })).To(Succeed())
		w.Expect(w.contact().json(w.WithT)["configurationVersion"]).To(Equal("2"))
		r = w.do("GET", console.ConfigurationPath, nil, "If-None-Match", `"1"`)
		w.Expect(r.status).To(Equal(200))
		w.Expect(r.header.Get("ETag")).To(Equal(`"2"`))
		w.Expect(r.json(w.WithT)["remote"]).To(HaveKeyWithValue("port", BeEquivalentTo(6514)))
		w.Expect(w.events.of(KindAgentEdited)).To(Equal([]string{"version 2"}))
	})
}

func TestAnImpossibleEditChangesNothing(t *testing.T) {
	g := NewWithT(t)
	tenant := (&Server{BaseURL: "https://a.test"}).Tenant()
	a, _ := tenant.AddAgent(configured("x"))
	g.Expect(tenant.EditAgent(a.ID, func(c *console.Configuration) { c.Remote.Port = -1 })).To(MatchError(ContainSubstring("remote.port")))
	g.Expect(tenant.EditAgent("nobody", func(*console.Configuration) {})).To(MatchError(ContainSubstring("no such agent")))
	g.Expect(tenant.EditAgent(a.ID, func(c *console.Configuration) { c.Agent = "stolen" })).To(Succeed())
	view, _ := tenant.Agent(a.ID)
	g.Expect(view.Configuration.Agent).To(Equal(a.ID))
	g.Expect(view.Configuration.Remote.Port).To(Equal(514))
}

func TestTokenChecks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for _, header := range []string{"Token " + w.token, "token " + w.token, "Bearer " + w.token, "bearer  " + w.token} {
			w.Expect(w.do("GET", "/api/v1/activities/", nil, "Authorization", header).status).To(Equal(200), header)
		}
		for header, reason := range map[string]string{
			"":                       "were not provided",
			"Basic abc":              "expected Token",
			"Token":                  "expected Token",
			"Token nonsense":         "Invalid token",
			"Token " + w.token + "A": "Invalid token",
		} {
			r := w.do("GET", "/api/v1/activities/", nil, "Authorization", header)
			w.Expect(r.status).To(Equal(http.StatusUnauthorized), header)
			w.Expect(r.detail(w.WithT)).To(ContainSubstring(reason))
			w.Expect(r.header.Get("WWW-Authenticate")).To(Equal("Token"))
		}
	})
}

func TestARegeneratedTokenEndsTheOldOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		fresh, err := w.Tenant().RegenerateToken(w.agent)
		w.Expect(err).NotTo(HaveOccurred())
		w.Expect(w.contact().status).To(Equal(401))
		w.token = fresh
		w.Expect(w.contact().status).To(Equal(200))
		w.Expect(w.events.all(KindTokenRegenerated)).To(HaveLen(1))
	})
}

func TestADeletedAgentIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.contact()
		w.Expect(w.Tenant().DeleteAgent(w.agent)).To(Succeed())
		w.Expect(w.contact().status).To(Equal(410))
		w.Expect(w.do("GET", "/api/v1/activities/", nil).status).To(Equal(410))
		w.Expect(w.Tenant().Agents()).To(BeEmpty())
		w.Expect(w.Tenant().DeleteAgent(w.agent)).To(MatchError(ContainSubstring("no such agent")))
		time.Sleep(20 * time.Hour)
		synctest.Wait()
		w.Expect(w.events.of(KindStatus)).To(Equal([]string{"Connected"}))
	})
}

func TestNoEventHoldsAToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		old := w.token
		w.contact()
		w.do("GET", "/api/v1/activities/", nil)
		w.token, _ = w.Tenant().RegenerateToken(w.agent)
		w.Tenant().DeleteAgent(w.agent)
		for _, e := range w.events.list {
			for _, token := range []string{old, w.token} {
				w.Expect(strings.Contains(e.Detail+e.Record+e.Agent+e.Connection, token)).To(BeFalse())
			}
		}
	})
}

func TestSpread(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		now := time.Now()
		created := func() (ago []time.Duration) {
			for e := range w.Tenant().Ledger() {
				ago = append(ago, now.Sub(e.Created))
			}
			return ago
		}
		ids := w.Tenant().AddActivities(5, Spread{Ago: time.Hour, Over: 4 * time.Minute})
		w.Expect(ids).To(HaveLen(5))
		w.Expect(created()).To(Equal([]time.Duration{64 * time.Minute, 63 * time.Minute, 62 * time.Minute, 61 * time.Minute, 60 * time.Minute}))
		w.Tenant().AddActivities(2, Spread{})
		w.Tenant().AddAlerts(1, Spread{Ago: 62 * time.Minute})
		w.Expect(created()).To(Equal([]time.Duration{64 * time.Minute, 63 * time.Minute, 62 * time.Minute, 62 * time.Minute, 61 * time.Minute, 60 * time.Minute, 0, 0}))

		w.Tenant().AddActivities(1, Spread{Late: 10 * time.Minute})
		id := w.Tenant().AddActivities(1, Spread{Late: 10 * time.Minute})[0]
		record := w.do("GET", "/api/v1/activities/"+id+"/", nil).json(w.WithT)
		w.Expect(record["created"]).To(BeEquivalentTo(now.UnixMilli()))
		w.Expect(record["timestamp"]).To(BeEquivalentTo(now.Add(-10 * time.Minute).UnixMilli()))
	})
}

// An edit may change what pointers and slices lead to: what was seen before
// stays as it was seen.
func TestAnEditLeavesEarlierViewsAlone(t *testing.T) {
	g := NewWithT(t)
	tenant := (&Server{BaseURL: "https://a.test"}).Tenant()
	c := configured("x")
	from := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c.Recovery = &console.Recovery{From: from, To: from.Add(time.Hour)}
	c.Activities.Filters = []byte(`{"service":{"eq":1}}`)
	a, err := tenant.AddAgent(c)
	g.Expect(err).NotTo(HaveOccurred())
	before, _ := tenant.Agent(a.ID)
	g.Expect(tenant.EditAgent(a.ID, func(c *console.Configuration) {
		c.Recovery.To = from.Add(2 * time.Hour)
		copy(c.Activities.Filters, `{"service":{"eq":2}}`)
	})).To(Succeed())
	g.Expect(before.Configuration.Recovery.To).To(Equal(from.Add(time.Hour)))
	g.Expect(string(before.Configuration.Activities.Filters)).To(Equal(`{"service":{"eq":1}}`))
	after, _ := tenant.Agent(a.ID)
	g.Expect(after.Configuration.Version).To(Equal("2"))
	g.Expect(string(after.Configuration.Activities.Filters)).To(Equal(`{"service":{"eq":2}}`))
}
