package agent

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/cas"
)

// tenantSource is a Source other than the portal, such as a file. It knows
// nothing of the token, so what a portal would say of it is learnt from the
// API: at start by one question, later from the answers to the pulls.
type tenantSource struct {
	console.Source
	api      *cas.Client
	clock    Clock
	verdicts *verdicts
}

// Configuration returns the configuration once the API has taken the token.
func (s *tenantSource) Configuration(ctx context.Context) (console.Configuration, error) {
	c, err := s.Source.Configuration(ctx)
	if err != nil {
		return c, err
	}
	kind := cas.Activity
	if !c.Activities.Enabled {
		kind = cas.Alert
	}
	_, err = s.api.Next(ctx, kind, cas.StartAt(s.clock.Now()), dataType(c, kind).Filters)
	c.Given = s.verdicts.now()
	return c, err
}

// Contact fails while the API refuses the token.
func (s *tenantSource) Contact(ctx context.Context, contact console.Contact) (console.ContactAnswer, error) {
	answer, err := s.Source.Contact(ctx, contact)
	if err == nil {
		err = s.verdicts.last()
	}
	return answer, err
}

// verdicts remembers what each list of the API last said of the token.
type verdicts struct {
	http.RoundTripper

	mu       sync.Mutex
	refusals map[string]error // by path
	date     time.Time        // of its last answer, by its own clock
}

// RoundTrip makes the request.
func (v *verdicts) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := v.RoundTripper.RoundTrip(r)
	if err != nil || !strings.HasPrefix(r.URL.Path, "/api/") {
		return answer, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.date, _ = http.ParseTime(answer.Header.Get("Date")) // zero: not said
	switch answer.StatusCode {
	case http.StatusOK:
		delete(v.refusals, r.URL.Path)
	case http.StatusUnauthorized, http.StatusForbidden:
		if v.refusals == nil {
			v.refusals = map[string]error{}
		}
		reason := http.StatusText(answer.StatusCode) + " (" + r.URL.Path + ")"
		v.refusals[r.URL.Path] = &console.AnswerError{Status: answer.StatusCode, Reason: reason}
	}
	return answer, nil
}

// CloseIdleConnections is that of the RoundTripper, if it has one.
func (v *verdicts) CloseIdleConnections() {
	if closer, ok := v.RoundTripper.(interface{ CloseIdleConnections() }); ok {
		closer.CloseIdleConnections()
	}
}

// now is the service's time as it last said it.
func (v *verdicts) now() time.Time {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.date
}

// last returns a refusal that stands, nil if there is none.
func (v *verdicts) last() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, path := range slices.Sorted(maps.Keys(v.refusals)) {
		return v.refusals[path]
	}
	return nil
}
