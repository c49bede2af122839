package metrics

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"siemdrill/agent"
	"siemdrill/agent/console"
)

// Metrics counts the Events of one agent. It may be read while it counts.
type Metrics struct {
	registry *prometheus.Registry
	health   health

	events        *prometheus.CounterVec // those that are only counted, by kind
	records       *prometheus.CounterVec // by what became of them
	pulled        *prometheus.CounterVec // by type
	pullFailures  *prometheus.CounterVec // by type
	lookBackCut   *prometheus.CounterVec // by type
	condition     *prometheus.GaugeVec
	notifications *prometheus.GaugeVec
	confirmLines  *prometheus.GaugeVec // without labels: absent until it is known
	byClosing     prometheus.Gauge
	lastContact   prometheus.Gauge
	lastConfirmed prometheus.Gauge
}

// New returns the metrics of an agent of this version and commit, which makes a
// contact once a period.
func New(version, commit string, contactPeriod time.Duration) *Metrics {
	m := &Metrics{
		health:        health{period: contactPeriod},
		registry:      prometheus.NewRegistry(),
		events:        counters("events_total", "Events by kind.", "kind"),
		records:       counters("records_total", "Records by what became of them: sent, confirmed, in-doubt (these are sent again).", "outcome"),
		pulled:        counters("records_pulled_total", "Records that the service gave, by type.", "type"),
		pullFailures:  counters("pull_failures_total", "Pulls that failed, by type.", "type"),
		lookBackCut:   counters("look_back_cut_total", "Pulls after which less than the look-back is read again, since more records lie in it than are remembered, by type.", "type"),
		condition:     gauges("condition", "1 for the condition that the agent is in, 0 for the others.", "condition"),
		notifications: gauges("notification", "1 for a notification that the portal shows now.", "id"),
		confirmLines:  gauges("confirm_lines", "K as it is now: how many lines a fault makes arrive again at most; a connection carries half of them."),
		byClosing:     gauge("confirms_by_closing", "1 while closing confirms, 0 while the byte window does."),
		lastContact:   gauge("last_contact_timestamp_seconds", "When the portal last took a contact."),
		lastConfirmed: gauge("last_confirmed_timestamp_seconds", "When the receiver last confirmed records."),
	}
	build := gauges("build_info", "1, with the version and commit that runs.", "version", "commit")
	build.WithLabelValues(version, commit).Set(1)
	m.registry.MustRegister(build, m.events, m.records, m.pulled, m.pullFailures, m.lookBackCut, m.condition, m.notifications, m.confirmLines, m.byClosing, m.lastContact, m.lastConfirmed,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.byClosing.Set(1)
	for _, c := range conditions {
		m.condition.WithLabelValues(string(c)) // shown from the beginning, as is what may never come:
	}
	for _, id := range []console.NotificationID{console.InternalError, console.DataServerSendError, console.DataServerConnectionError} {
		m.notifications.WithLabelValues(string(id))
	}
	for _, list := range []string{"activity", "alert"} {
		m.lookBackCut.WithLabelValues(list)
	}
	for _, outcome := range []string{agent.KindSent, agent.KindConfirmed, agent.KindInDoubt} {
		m.records.WithLabelValues(outcome)
	}
	return m
}

var conditions = []agent.Condition{agent.Starting, agent.Pulling, agent.Held, agent.Stopped}

// Observe counts e. It is an agent's Hook.
func (m *Metrics) Observe(e agent.Event) {
	m.events.WithLabelValues(e.Kind).Inc()
	m.health.observe(e)
	switch e.Kind {
	case agent.KindPulled:
		m.pulled.WithLabelValues(e.Record).Add(amount(e))
	case agent.KindPullFailed:
		m.pullFailures.WithLabelValues(e.Record).Inc()
	case agent.KindLookBackCut:
		m.lookBackCut.WithLabelValues(e.Record).Inc()
	case agent.KindSent, agent.KindInDoubt:
		m.records.WithLabelValues(e.Kind).Add(amount(e))
	case agent.KindConfirmed:
		m.records.WithLabelValues(e.Kind).Add(amount(e))
		m.lastConfirmed.Set(seconds(e))
	case agent.KindPace:
		m.confirmLines.WithLabelValues().Set(amount(e))
	case agent.KindWay:
		m.byClosing.Set(is(strings.HasPrefix(e.Detail, string(agent.ConfirmClose))))
	case agent.KindContact:
		m.lastContact.Set(seconds(e))
	case agent.KindState:
		for _, c := range conditions {
			m.condition.WithLabelValues(string(c)).Set(is(strings.HasPrefix(e.Detail, string(c))))
		}
	case agent.KindNotificationRaised:
		id, _, _ := strings.Cut(e.Detail, ":")
		m.notifications.WithLabelValues(id).Set(1)
	case agent.KindNotificationResolved:
		m.notifications.WithLabelValues(e.Detail).Set(0)
	}
}

// Handler serves /metrics and /healthz.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	mux.Handle("GET /healthz", &m.health)
	return mux
}

// amount is the number with which the detail of an Event about records begins.
func amount(e agent.Event) float64 {
	number, _, _ := strings.Cut(e.Detail, " ")
	n, _ := strconv.ParseFloat(number, 64) // it always begins with one
	return n
}

func seconds(e agent.Event) float64 { return float64(e.Time.UnixMilli()) / 1000 }

func is(so bool) float64 {
	if so {
		return 1
	}
	return 0
}

const namespace = "siem_agent"

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

func gauges(name, help string, labels ...string) *prometheus.GaugeVec {
	return prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

func gauge(name, help string) prometheus.Gauge {
	return prometheus.NewGauge(prometheus.GaugeOpts{Namespace: namespace, Name: name, Help: help})
}
