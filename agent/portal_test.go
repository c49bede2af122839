package agent

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
)

// What an administrator does in the portal while the agent runs.

// edit changes the configuration, as its next version.
func (w *world) edit(change func(c *console.Configuration)) {
	w.do(func() {
		w.configuration.Version += "+"
		change(&w.configuration)
	})
}

func (w *world) lastContact() (last console.Contact) {
	w.do(func() { last = w.contacts[len(w.contacts)-1] })
	return last
}

func (w *world) pulledAlerts() (n int) {
	w.do(func() { n = w.alertPulls })
	return n
}

func (w *world) lastAsked() (body string) {
	w.do(func() { body = w.asked })
	return body
}

func (w *world) expectNothingLost(g *WithT) {
	lost, duplicates := w.tally()
	g.Expect(lost+duplicates).To(BeZero(), w.logged.String())
}

// Something on the way may change an ETag.
func TestAVersionThatIsNeverTheETagDisturbsNothing(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.claimed = "v1-gzip"
		stop := w.start()
		pass(time.Second)
		for range 60 {
			w.add(2)
			pass(time.Minute)
		}
		lost, duplicates := w.tally()
		g.Expect(lost + duplicates).To(BeZero())
		g.Expect(strings.Count(w.logged.String(), "msg=configuration ")).To(Equal(1))
		g.Expect(strings.Count(w.logged.String(), "the agent is starting")).To(Equal(1))
		g.Expect(stop()).To(Succeed())
	})
}

func TestADisabledAgentPullsNothingAndStaysInContact(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.add(10)
		stop := w.start()
		pass(time.Minute)
		w.edit(func(c *console.Configuration) { c.Enabled = false })
		pass(90 * time.Second)
		pulls, contacts := w.made()
		w.add(10)
		pass(time.Hour)
		pullsLater, contactsLater := w.made()
		g.Expect(pullsLater).To(Equal(pulls))
		g.Expect(contactsLater - contacts).To(BeNumerically("~", 60, 1))
		w.edit(func(c *console.Configuration) { c.Enabled = true })
		pass(2 * time.Minute)
		w.expectNothingLost(g)
		g.Expect(stop()).To(Succeed())
	})
}

func TestADataTypeIsTurnedOffAndOn(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.edit(func(c *console.Configuration) { c.Alerts.Enabled = false })
		stop := w.start()
		pass(10 * time.Minute)
		g.Expect(w.pulledAlerts()).To(BeZero())
		w.edit(func(c *console.Configuration) { c.Alerts.Enabled, c.Activities.Enabled = true, false })
		pass(2 * time.Minute)
		pulls, _ := w.made()
		w.add(10)
		pass(10 * time.Minute)
		later, _ := w.made()
		g.Expect(later).To(Equal(pulls))
		g.Expect(w.pulledAlerts()).To(BeNumerically(">=", 20))
		w.edit(func(c *console.Configuration) { c.Activities.Enabled = true })
		pass(2 * time.Minute)
		w.expectNothingLost(g)
		g.Expect(stop()).To(Succeed())
	})
}

func TestTheFiltersOfThePortalAreSentWithEveryPull(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.edit(func(c *console.Configuration) {
			c.Activities.Filters = json.RawMessage(`{"service":{"eq":[11161]}}`)
		})
		stop := w.start()
		pass(time.Minute)
		g.Expect(w.lastAsked()).To(ContainSubstring(`"service":{"eq":[11161]}`))
		w.edit(func(c *console.Configuration) { c.Activities.Filters = nil })
		pass(2 * time.Minute)
		g.Expect(w.lastAsked()).NotTo(ContainSubstring("service"))
		g.Expect(stop()).To(Succeed())
	})
}

// Edited while lines are under way: these are sent again, to the new receiver,
// and none is lost.
func TestAnEditUnderLoadLosesNothing(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.settings.PullPeriod = Duration(time.Second)
		w.receivers["192.0.2.2:6514"] = w.readAll
		stop := w.start()
		for i := range 300 {
			w.add(20)
			pass(time.Second)
			if i%70 == 69 {
				w.edit(func(c *console.Configuration) {
					c.Remote.Host, c.Remote.Port = map[int]string{0: "192.0.2.2", 1: "192.0.2.1"}[i/70%2], map[int]int{0: 6514, 1: 514}[i/70%2]
				})
			}
		}
		pass(2 * time.Minute)
		lost, duplicates := w.tally()
		g.Expect(lost).To(BeZero())
		g.Expect(duplicates).To(BeNumerically("<=", 4*20))
		g.Expect(stop()).To(Succeed())
	})
}

// The old token dies, the agent with it; the new one goes on from the same
// checkpoint, since that belongs to the agent and not to its token.
func TestARegeneratedTokenKeepsThePlace(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.add(50)
		stop := w.start()
		pass(time.Minute)
		w.do(func() { w.status, w.refusal = http.StatusUnauthorized, http.StatusUnauthorized })
		w.add(50)
		pass(15 * time.Minute)
		g.Expect(stop()).To(MatchError(HavePrefix("Too many critical errors: 10 within 15m0s, the last: the service answered 401")))
		w.do(func() { w.status, w.refusal = 0, 0 })
		var random [32]byte
		random[0] = 1
		w.token = console.NewToken("https://contoso.example", random)
		stop = w.start()
		pass(time.Minute)
		w.expectNothingLost(g)
		g.Expect(stop()).To(Succeed())
	})
}

// Where the token is from a file, the new one is put there and nothing else is
// to be done.
func TestARegeneratedTokenThatCanBeReadAgainTakesEffectWhileRunning(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		var random [32]byte
		random[0] = 1
		regenerated := console.NewToken("https://contoso.example", random)
		var asked atomic.Int64
		w.renew = func() string {
			if asked.Add(1) < 4 {
				return w.token // the file still has the old one
			}
			return regenerated
		}
		w.add(50)
		stop := w.start()
		pass(time.Minute)
		w.do(func() { w.only = regenerated })
		w.add(50)
		pass(5 * time.Minute)
		w.expectNothingLost(g)
		pass(time.Hour)
		g.Expect(asked.Load()).To(BeEquivalentTo(4), "not asked for what is taken")
		g.Expect(w.printed.String()).To(BeEmpty())
		g.Expect(stop()).To(Succeed())
		g.Expect(w.logged.String()).NotTo(ContainSubstring(regenerated))
	})
}

// A service, or who answers in its place, may quote what it was asked.
func TestATokenThatIsQuotedBackIsNotRepeated(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		var random [32]byte
		random[0] = 1
		regenerated := console.NewToken("https://contoso.example", random)
		w.renew = func() string { return regenerated }
		var quotes atomic.Bool
		service := w.server.Handler
		w.server.Handler = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
			switch token := r.Header.Get("Authorization"); {
			case !quotes.Load():
				service.ServeHTTP(rw, r)
			case token == "Token "+w.token:
				http.Error(rw, "the header 'Authorization: "+token+"' is of no use", http.StatusUnauthorized)
			default:
				http.Error(rw, token+" is no better", http.StatusBadRequest)
			}
		})
		stop := w.start()
		pass(time.Minute)
		quotes.Store(true)
		pass(20 * time.Minute)
		g.Expect(stop()).To(MatchError(ContainSubstring("the service answered 400: Token [token] is no better")))
		said := w.logged.String() + w.printed.String() + fmt.Sprint(w.events)
		g.Expect(said).To(ContainSubstring("'Authorization: Token [token]' is of no use"))
		g.Expect(said).To(ContainSubstring("activities: the service answered 400: Token [token] is no better"))
		g.Expect(said).NotTo(Or(ContainSubstring(w.token[:20]), ContainSubstring(regenerated[:20])))
	})
}

// A recovery agent for an hour of the last week: beyond the two days that an
// ordinary agent goes back.
func TestARecoveryAgentForwardsItsFrameAndEnds(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.add(100)
		from := time.Now().Add(-50 * time.Millisecond)
		pass(100 * time.Hour)
		w.add(10)
		w.edit(func(c *console.Configuration) {
			c.Recovery = &console.Recovery{From: from, To: from.Add(30 * time.Millisecond)}
		})
		stop := w.start()
		pass(5 * time.Minute)
		g.Expect(w.events[len(w.events)-1].Detail).To(Equal("stopped: the recovery agent has nothing left to do"), w.logged.String())
		g.Expect(stop()).To(Succeed())
		lost, duplicates := w.tally()
		g.Expect(110-lost).To(Equal(30), "[from, to), in milliseconds")
		g.Expect(duplicates).To(BeZero())
		g.Expect(w.pulledAlerts()).To(BeZero())
		g.Expect(w.lastContact().Done).To(BeTrue())

		stop = w.start() // a service manager starts it once more
		pass(5 * time.Minute)
		g.Expect(stop()).To(Succeed())
		again, duplicates := w.tally()
		g.Expect([]int{again, duplicates}).To(Equal([]int{lost, 0}))
	})
}

func TestARecoveryAgentWaitsForTheEndOfItsFrameAndWhatIsListedLate(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.edit(func(c *console.Configuration) {
			c.Recovery = &console.Recovery{From: time.Now().Add(-time.Hour), To: time.Now().Add(time.Hour)}
		})
		stop := w.start()
		pass(62 * time.Minute)
		w.do(func() { w.records = append(w.records, time.Now().Add(-4*time.Minute).UnixMilli()) })
		pass(time.Minute)
		w.expectNothingLost(g)
		g.Expect(w.lastContact().Done).To(BeFalse())
		pass(15 * time.Minute)
		g.Expect(w.lastContact().Done).To(BeTrue())
		g.Expect(stop()).To(Succeed())
	})
}

func TestARecoveryAgentThatThePortalHasDisabledEnds(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.receivers["192.0.2.1:514"] = nil // so it would never be done
		w.edit(func(c *console.Configuration) {
			c.Recovery = &console.Recovery{From: time.Now().Add(-time.Hour), To: time.Now()}
		})
		stop := w.start()
		pass(24 * time.Hour)
		w.edit(func(c *console.Configuration) { c.Enabled = false })
		pass(3 * time.Minute)
		g.Expect(w.events[len(w.events)-1].Detail).To(HavePrefix("stopped: "))
		g.Expect(stop()).To(Succeed())
	})
}

// fileWorld gives the agent a file in the portal's place.
func fileWorld(w *world, text string) string {
	path := filepath.Join(w.t.TempDir(), "agent.json")
	os.WriteFile(path, []byte(text), 0o600)
	w.source = &console.File{Path: path, Tenant: "contoso"}
	w.settings.Service = "https://contoso.example/" // as a browser shows it
	w.status = http.StatusNotFound                  // such a tenant has no such protocol
	return path
}

func TestAFileStandsInForThePortal(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		path := fileWorld(w, `{"remote": {"host": "192.0.2.1", "port": 514}, "alerts": {"enabled": false}}`)
		w.receivers["192.0.2.2:6514"] = w.readAll
		w.add(20)
		stop := w.start()
		pass(time.Minute)
		w.expectNothingLost(g)
		g.Expect(w.pulledAlerts()).To(BeZero())

		g.Expect(os.WriteFile(path, []byte(`{"remote": {"host": "192.0.2.2", "port": 6514`), 0o600)).To(Succeed())
		pass(2 * time.Minute)
		g.Expect(w.logged.String()).To(ContainSubstring(path + ": expected a configuration as a JSON object"))
		g.Expect(os.WriteFile(path, []byte(`{"remote": {"host": "192.0.2.2", "port": 6514}}`), 0o600)).To(Succeed())
		pass(2 * time.Minute)
		w.do(func() { w.receivers["192.0.2.1:514"] = nil })
		w.add(20)
		pass(2 * time.Minute)
		w.expectNothingLost(g)
		g.Expect(w.pulledAlerts()).NotTo(BeZero())
		g.Expect(w.contacts).To(BeEmpty())
		g.Expect(stop()).To(Succeed())
	})
}

func TestWithAFileTheAPISaysWhatTheTokenIsWorth(t *testing.T) {
	const file = `{"remote": {"host": "192.0.2.1", "port": 514}}`
	t.Run("at start", func(t *testing.T) {
		inWorld(t, func(g *WithT, w *world) {
			fileWorld(w, file)
			w.refusal = http.StatusUnauthorized
			stop := w.start()
			pass(time.Second)
			g.Expect(stop()).To(MatchError("Invalid token: activities: the service answered 401: Unauthorized"))
		})
	})
	t.Run("later", func(t *testing.T) {
		inWorld(t, func(g *WithT, w *world) {
			fileWorld(w, file)
			stop := w.start()
			pass(time.Hour)
			w.do(func() { w.refusal = http.StatusUnauthorized })
			pass(12 * time.Minute)
			g.Expect(stop()).To(MatchError(HavePrefix("Too many critical errors: 10 within 15m0s")), w.logged.String())
		})
	})
	t.Run("an outage is none", func(t *testing.T) {
		inWorld(t, func(g *WithT, w *world) {
			fileWorld(w, file)
			w.refusal = http.StatusBadGateway
			stop := w.start()
			pass(time.Hour)
			w.do(func() { w.refusal = 0 })
			w.add(10)
			pass(2 * time.Minute)
			w.expectNothingLost(g)
			g.Expect(stop()).To(Succeed())
		})
	})
}
