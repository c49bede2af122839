package metrics

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"siemdrill/agent"
)

// stalePeriods is how many of its periods the last contact may be ago.
const stalePeriods = 5

// health answers 200 while records are forwarded and the portal hears of it,
// and otherwise 503 and why, on one line. It is for a monitor: a restart mends
// none of it, so it is no use as a liveness probe.
type health struct {
	period time.Duration // of contacts

	mu        sync.Mutex
	condition string // and why
	contact   time.Time
	pulling   bool
	lastSaid  string // of the contacts that failed
}

func (h *health) observe(e agent.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch e.Kind {
	case agent.KindState:
		h.condition = e.Detail
		h.pulling = strings.HasPrefix(e.Detail, string(agent.Pulling))
	case agent.KindContact:
		h.contact, h.lastSaid = e.Time, ""
	case agent.KindContactFailed:
		h.lastSaid = ": " + e.Detail
	}
}

// verdict is the answer at a time.
func (h *health) verdict(now time.Time) (status int, line string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.condition == "":
		return http.StatusServiceUnavailable, "not started"
	case !h.pulling:
		return http.StatusServiceUnavailable, h.condition
	case h.contact.IsZero():
		return http.StatusServiceUnavailable, "no contact yet" + h.lastSaid
	case now.Sub(h.contact) > stalePeriods*h.period:
		return http.StatusServiceUnavailable, fmt.Sprintf("no contact for %s%s", now.Sub(h.contact).Truncate(time.Second), h.lastSaid)
	}
	return http.StatusOK, h.condition
}

func (h *health) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	status, line := h.verdict(time.Now())
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	fmt.Fprintln(w, line)
}
