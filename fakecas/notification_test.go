package fakecas

import (
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
)

func TestTheFiveDocumentedNotifications(t *testing.T) {
	g := NewWithT(t)
	names := map[console.NotificationID][2]string{
		"internal-error":                {"Internal error", "Interne fout"},
		"data-server-send-error":        {"Data server send error", "Verzendfout bij gegevensserver"},
		"data-server-connection-error":  {"Data server connection error", "Fout bij gegevensserververbinding"},
		"siem-agent-error":              {"SIEM agent error", "SIEM-agentfout"},
		"siem-agent-notification-error": {"SIEM agent notification error", "Meldingsfout SIEM-agent"},
	}
	g.Expect(NotificationKinds()).To(HaveLen(len(names)))
	for _, k := range NotificationKinds() {
		g.Expect([2]string{k.Name.English, k.Name.Dutch}).To(Equal(names[k.ID]))
		for _, text := range []Text{k.Meaning, k.Remedy} {
			g.Expect(text.English).NotTo(BeEmpty())
			g.Expect(text.Dutch).NotTo(BeEmpty())
		}
	}
}

// openNotifications are the ids of those whose cause lasts.
func (w *world) openNotifications() []string {
	view, _ := w.Tenant().Agent(w.agent)
	ids := []string{}
	for _, n := range view.Notifications {
		if n.Open() {
			ids = append(ids, string(n.ID))
		}
	}
	return ids
}

func TestContactCarriesTheFullCurrentSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		since := time.Now().UTC()
		connection := console.Notification{ID: console.DataServerConnectionError, Since: since, Detail: "dial siem:514: connection refused"}
		time.Sleep(time.Minute)
		w.contact(connection)
		w.Expect(w.openNotifications()).To(Equal([]string{"data-server-connection-error", "siem-agent-notification-error"}))

		time.Sleep(time.Minute)
		w.contact(connection, console.Notification{ID: console.InternalError, Detail: "oops"})
		w.Expect(w.openNotifications()).To(ConsistOf("data-server-connection-error", "internal-error", "siem-agent-notification-error"))

		time.Sleep(time.Minute)
		w.contact()
		w.Expect(w.openNotifications()).To(BeEmpty())

		view, _ := w.Tenant().Agent(w.agent)
		first := view.Notifications[0]
		w.Expect(first.Since).To(BeTemporally("==", since))
		w.Expect(first.Raised).To(BeTemporally("==", since.Add(time.Minute)))
		w.Expect(first.Resolved).To(BeTemporally("==", since.Add(3*time.Minute)))
		w.Expect(w.events.of(KindNotificationResolved)).To(ConsistOf("data-server-connection-error", "internal-error", "siem-agent-notification-error"))
		w.Expect(w.events.of(KindNotificationRaised)).To(ContainElement("data-server-connection-error: dial siem:514: connection refused"))
	})
}

func TestNotificationErrorIsRaisedOnceAnEpisode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		connection := console.Notification{ID: console.DataServerConnectionError}
		send := console.Notification{ID: console.DataServerSendError}
		w.contact(send)
		w.contact(send, connection)
		w.contact(connection)
		w.Expect(w.openNotifications()).To(ContainElement("siem-agent-notification-error"))
		w.contact()
		w.contact(send)
		w.contact(console.Notification{ID: console.InternalError})

		raised := 0
		view, _ := w.Tenant().Agent(w.agent)
		for _, n := range view.Notifications {
			if n.ID == SIEMAgentNotificationError {
				raised++
				w.Expect(n.Open()).To(BeFalse())
			}
		}
		w.Expect(raised).To(Equal(2))
		alerts := w.do("POST", "/api/v1/alerts/", "").json(w.WithT)
		w.Expect(alerts["total"]).To(BeEquivalentTo(2))
		first := alerts["data"].([]any)[0].(map[string]any)
		w.Expect(first["isSystemAlert"]).To(BeTrue())
		w.Expect(first["title"]).To(Equal("System alert: SIEM agent notification error"))
	})
}

func TestAgentErrorIsRaisedAfterXHoursAndResolvedByContact(t *testing.T) {
	for _, x := range []time.Duration{0, time.Hour, 2 * time.Hour, 30 * time.Hour} {
		t.Run(x.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, func(s *Server) { s.Settings.AgentErrorAfter = x })
				limit := x
				if x == 0 {
					limit = 12 * time.Hour
				}
				w.contact()
				time.Sleep(limit)
				synctest.Wait()
				w.Expect(w.openNotifications()).To(BeEmpty())
				time.Sleep(time.Nanosecond)
				synctest.Wait()
				w.Expect(w.openNotifications()).To(Equal([]string{"siem-agent-error"}))
				time.Sleep(100 * time.Hour)
				synctest.Wait()
				w.contact()
				w.Expect(w.openNotifications()).To(BeEmpty())
				w.Expect(w.do("GET", "/api/v1/alerts/", nil).json(w.WithT)["total"]).To(BeEquivalentTo(1))
				entries := 0
				for e := range w.Tenant().Ledger() {
					w.Expect(e.Type).To(Equal(Alert))
					entries++
				}
				w.Expect(entries).To(Equal(1))
			})
		})
	}
}

func TestAnAgentThatNeverConnectedRaisesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		time.Sleep(100 * time.Hour)
		synctest.Wait()
		w.Expect(w.openNotifications()).To(BeEmpty())
		view, _ := w.Tenant().Agent(w.agent)
		w.Expect(view.Status).To(Equal(Created))
		w.Expect(view.LastContact).To(BeZero())
	})
}

// An agent that flaps for weeks doesn't fill the memory.
func TestResolvedNotificationsAreForgottenInTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		tenant := w.Tenant()
		a := tenant.keyOf(w.token).agent
		stays := console.Notification{ID: console.InternalError, Detail: "stays"}
		for range 2000 {
			tenant.contact(a, console.Contact{Notifications: []console.Notification{stays, {ID: console.DataServerSendError, Detail: "flaps"}}})
			tenant.contact(a, console.Contact{Notifications: []console.Notification{stays}})
		}
		v, _ := tenant.Agent(w.agent)
		w.Expect(len(v.Notifications)).To(BeNumerically("<=", keptNotifications))
		w.Expect(v.Notifications[0].Detail).To(Equal("stays"), "what lasts is kept")
		w.Expect(v.Notifications[0].Open()).To(BeTrue())
		w.Expect(v.Notifications[0].Since).To(Equal(time.Now()), "who says no time means now")
	})
}
