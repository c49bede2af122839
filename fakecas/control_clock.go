package fakecas

import (
	"fmt"
	"net/http"
	"time"
)

// controlAdvance moves the clock on, where it is one that can be moved.
func controlAdvance(s *Server, w http.ResponseWriter, r *http.Request) {
	var body struct {
		By string `json:"by"`
	}
	if err := readControl(r, &body); err != nil {
		sendResult(w, 0, nil, err)
		return
	}
	d, err := time.ParseDuration(body.By)
	if err != nil || d < 0 {
		sendResult(w, 0, nil, fmt.Errorf("by: %q: expected a duration such as 90s or 2h", body.By))
		return
	}
	clock, ok := s.clock().(interface{ Advance(time.Duration) })
	if !ok {
		sendControl(w, refusal(http.StatusConflict, "this server's clock is the system's, which nobody can advance"), "")
		return
	}
	clock.Advance(d)
	sendResult(w, http.StatusOK, map[string]time.Time{"now": s.clock().Now().UTC()}, nil)
}

func controlReset(s *Server, w http.ResponseWriter, _ *http.Request) {
	s.Reset()
	sendResult(w, 0, nil, nil)
}

func controlTenants(s *Server, w http.ResponseWriter, _ *http.Request) {
	activities, alerts := s.tenant.snapshot(Activity), s.tenant.snapshot(Alert)
	sendResult(w, http.StatusOK, []map[string]any{{
		"name":       s.settings().Tenant,
		"api":        s.URL(),
		"now":        s.clock().Now().UTC(),
		"agents":     len(s.tenant.Agents()),
		"activities": activities.rows.len(),
		"alerts":     alerts.rows.len(),
	}}, nil)
}
