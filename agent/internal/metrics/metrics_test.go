package metrics

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent"
)

func get(m *Metrics, path string) (int, string) {
	w := httptest.NewRecorder()
	m.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w.Code, w.Body.String()
}

func TestEventsBecomeNumbers(t *testing.T) {
	g := NewWithT(t)
	m := New("1.2.3", "abcdef", time.Minute)
	at := time.Unix(1700000000, 0)
	for _, e := range []agent.Event{
		{Kind: agent.KindState, Detail: "starting: started"},
		{Kind: agent.KindState, Detail: "held: syslog.example:514: connection refused"},
		{Kind: agent.KindPulled, Record: "activity", Detail: "5000 records"},
		{Kind: agent.KindPulled, Record: "activity", Detail: "20 records"},
		{Kind: agent.KindPulled, Record: "alert", Detail: "1 records"},
		{Kind: agent.KindPullFailed, Record: "alert", Detail: "the service answered 500"},
		{Kind: agent.KindLookBackCut, Record: "activity", Detail: "37s"},
		{Kind: agent.KindSent, Record: "activity", Detail: "1000 records"},
		{Kind: agent.KindConfirmed, Detail: "1000 records", Time: at},
		{Kind: agent.KindInDoubt, Detail: "7 records"},
		{Kind: agent.KindPace, Detail: "4000 lines"},
		{Kind: agent.KindWay, Detail: "window: three closings were not answered"},
		{Kind: agent.KindContact, Time: at.Add(time.Second)},
		{Kind: agent.KindNotificationRaised, Detail: "data-server-send-error: reset"},
		{Kind: agent.KindNotificationRaised, Detail: "data-server-connection-error: refused"},
		{Kind: agent.KindNotificationResolved, Detail: "data-server-send-error"},
	} {
		m.Observe(e)
	}
	status, text := get(m, "/metrics")
	g.Expect(status).To(Equal(200))
	for _, line := range []string{
		`siem_agent_build_info{commit="abcdef",version="1.2.3"} 1`,
		`siem_agent_condition{condition="held"} 1`,
		`siem_agent_condition{condition="starting"} 0`,
		`siem_agent_records_pulled_total{type="activity"} 5020`,
		`siem_agent_records_pulled_total{type="alert"} 1`,
		`siem_agent_pull_failures_total{type="alert"} 1`,
		`siem_agent_look_back_cut_total{type="activity"} 1`,
		`siem_agent_look_back_cut_total{type="alert"} 0`,
		`siem_agent_records_total{outcome="sent"} 1000`,
		`siem_agent_records_total{outcome="confirmed"} 1000`,
		`siem_agent_records_total{outcome="in-doubt"} 7`,
		`siem_agent_last_confirmed_timestamp_seconds 1.7e+09`,
		`siem_agent_last_contact_timestamp_seconds 1.700000001e+09`,
		`siem_agent_notification{id="data-server-connection-error"} 1`,
		`siem_agent_notification{id="data-server-send-error"} 0`,
		`siem_agent_events_total{kind="pulled"} 3`,
		`siem_agent_confirm_lines 4000`,
		`siem_agent_confirms_by_closing 0`,
	} {
		g.Expect(text).To(ContainSubstring(line + "\n"))
	}
}

func TestHealth(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		m := New("1", "", time.Minute)
		expect := func(status int, line string) {
			got, said := get(m, "/healthz")
			g.Expect(got).To(Equal(status))
			g.Expect(said).To(Equal(line + "\n"))
		}
		tell := func(kind, detail string) { m.Observe(agent.Event{Time: time.Now(), Kind: kind, Detail: detail}) }
		expect(503, "not started")
		tell(agent.KindState, "starting: started")
		expect(503, "starting: started")
		tell(agent.KindState, "pulling: connected to the receiver")
		expect(503, "no contact yet")
		tell(agent.KindContactFailed, "the service answered 503")
		expect(503, "no contact yet: the service answered 503")
		tell(agent.KindContact, "0 notifications")
		tell(agent.KindState, "pulling: connected to the receiver")
		expect(200, "pulling: connected to the receiver")
		time.Sleep(5 * time.Minute)
		expect(200, "pulling: connected to the receiver")
		tell(agent.KindContactFailed, "the service answered 503")
		time.Sleep(time.Second)
		expect(503, "no contact for 5m1s: the service answered 503")
		tell(agent.KindContact, "0 notifications")
		expect(200, "pulling: connected to the receiver")
		tell(agent.KindState, "held: refused")
		expect(503, "held: refused")
	})
}

func TestHealthWaitsForFiveContactPeriods(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		m := New("1", "", 10*time.Minute)
		m.Observe(agent.Event{Time: time.Now(), Kind: agent.KindContact})
		m.Observe(agent.Event{Time: time.Now(), Kind: agent.KindState, Detail: "pulling: connected"})
		time.Sleep(50 * time.Minute)
		status, _ := get(m, "/healthz")
		g.Expect(status).To(Equal(200))
		time.Sleep(time.Second)
		status, _ = get(m, "/healthz")
		g.Expect(status).To(Equal(503))
	})
}

func TestEveryMetricIsDocumented(t *testing.T) {
	g := NewWithT(t)
	text, err := os.ReadFile("../../../docs/agent.md")
	g.Expect(err).NotTo(HaveOccurred())
	m := New("1", "", time.Minute)
	m.Observe(agent.Event{Kind: agent.KindPulled, Record: "activity", Detail: "1 records"})
	m.Observe(agent.Event{Kind: agent.KindPullFailed, Record: "activity"})
	m.Observe(agent.Event{Kind: agent.KindPace, Detail: "4000 lines"})
	families, err := m.registry.Gather()
	g.Expect(err).NotTo(HaveOccurred())
	for _, f := range families {
		if strings.HasPrefix(f.GetName(), namespace) {
			g.Expect(string(text)).To(ContainSubstring("| `" + f.GetName() + "` |"))
		}
	}
}
