package cas

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestErrorsOfTheService(t *testing.T) {
	now := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // when a bubble begins
	for _, test := range []struct {
		name          string
		status        int
		retryAfter    string
		body          string
		reason        string
		throttled     bool
		comeBackAfter time.Duration
	}{
		{"429 without anything", 429, "", "", "Too Many Requests", true, 0},
		{"429 with seconds", 429, "25", "", "Too Many Requests", true, 25 * time.Second},
		{"429 with a date", 429, now.Add(time.Minute).Format(http.TimeFormat), "", "Too Many Requests", true, time.Minute},
		{"429 with a date that is past", 429, now.Add(-time.Minute).Format(http.TimeFormat), "", "Too Many Requests", true, 0},
		{"429 with nonsense", 429, "soon", "", "Too Many Requests", true, 0},
		{"429 with a very long wait", 429, "999999999", "", "Too Many Requests", true, time.Hour},
		{"429 with a text", 429, "", `{"detail":"Request was throttled. Expected available in 25 seconds."}`, "Request was throttled. Expected available in 25 seconds.", true, 25 * time.Second},
		{"a text that says throttled", 403, "", `{"error":"Request was Throttled, retry in 2 minutes"}`, "Request was Throttled, retry in 2 minutes", true, 2 * time.Minute},
		{"a text in place of records", 200, "", `{"message":"throttled"}`, "the answer has no data but says: throttled", true, 0},
		{"401", 401, "", `{"detail":"Invalid token"}`, "Invalid token", false, 0},
		{"403", 403, "", "no\npermission", "no permission", false, 0},
		{"503 with Retry-After", 503, "5", "<html>…", "Service Unavailable", false, 5 * time.Second},
		{"the token comes back", 500, "", "bad token SECRET", "bad token [token]", false, 0},
		{"the token comes back late", 500, "", `{"error":"` + strings.Repeat("x", 197) + `SECRET"}`, strings.Repeat("x", 197) + "[to…", false, 0},
		{"a terminal's escapes", 500, "", "\x1b[2Jgone\u009b1m", "[2Jgone 1m", false, 0},
		{"a long text", 500, "", `{"detail":"` + strings.Repeat("x", 5000) + `"}`, strings.Repeat("x", 200) + "…", false, 0},
		{"a body without an end", 500, "", strings.Repeat("x", 1<<20), "Internal Server Error", false, 0},
		{"a status without a meaning", 599, "", "", "no reason given", false, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(g *WithT) {
				s := &service{before: func(w http.ResponseWriter, _ int) bool {
					if test.retryAfter != "" {
						w.Header().Set("Retry-After", test.retryAfter)
					}
					w.WriteHeader(test.status)
					io.WriteString(w, test.body)
					return true
				}}
				_, err := s.client().Next(context.Background(), Activity, Cursor{}, nil)
				var e *Error
				g.Expect(errors.As(err, &e)).To(BeTrue(), "%v", err)
				g.Expect(e.Status).To(Equal(test.status))
				g.Expect(e.Reason).To(Equal(test.reason))
				g.Expect(e.IsThrottled()).To(Equal(test.throttled))
				g.Expect(e.RetryAfter).To(Equal(test.comeBackAfter))
				g.Expect(e.IsUnauthorized()).To(Equal(test.status == 401))
				g.Expect(e.IsForbidden()).To(Equal(test.status == 403 && !test.throttled))
				g.Expect(err.Error()).To(HavePrefix("activities: the service answered "))
				g.Expect(err.Error()).NotTo(Or(ContainSubstring("SECRET"), ContainSubstring("\n")))
			})
		})
	}
}

type transport func(*http.Request) (*http.Response, error)

func (f transport) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestErrorsOfTheTransportAreWrapped(t *testing.T) {
	bubble(t, func(g *WithT) {
		broken := errors.New("broken")
		c := (&service{}).client()
		c.HTTP = &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) { return nil, broken })}
		_, err := c.Next(context.Background(), Activity, Cursor{}, nil)
		g.Expect(err).To(MatchError(broken))
		g.Expect(err.Error()).NotTo(ContainSubstring("SECRET"))

		c.HTTP.Transport = transport(func(*http.Request) (*http.Response, error) {
			body := io.MultiReader(strings.NewReader(`{"data":[`), failing{broken})
			return &http.Response{StatusCode: 200, Body: io.NopCloser(body)}, nil
		})
		_, err = c.Next(context.Background(), Activity, Cursor{}, nil)
		g.Expect(err).To(MatchError(broken))
		g.Expect(err).To(MatchError(ContainSubstring("the answer broke off after 9 bytes")))
	})
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func TestAnAnswerThatNeverComesIsGivenUp(t *testing.T) {
	bubble(t, func(g *WithT) {
		clock := &countingClock{}
		c := (&service{}).client()
		c.Clock = clock
		c.HTTP = &http.Client{Transport: transport(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})}
		start := time.Now()
		_, err := c.Next(context.Background(), Activity, Cursor{}, nil)
		g.Expect(err).To(MatchError(ContainSubstring("no whole answer within 1m40s")))
		var timeout interface{ Timeout() bool }
		g.Expect(errors.As(err, &timeout) && timeout.Timeout()).To(BeTrue())
		g.Expect(time.Since(start)).To(Equal(DefaultRequestTimeout))
		g.Expect(clock.busy.Load()).To(BeZero())

		gone := errors.New("gone")
		ctx, cancel := context.WithCancelCause(context.Background())
		time.AfterFunc(time.Second, func() { cancel(gone) })
		_, err = c.Next(ctx, Activity, Cursor{}, nil)
		g.Expect(err).To(MatchError(gone))
		g.Expect(clock.busy.Load()).To(BeZero())
	})
}
