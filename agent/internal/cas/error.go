package cas

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Error is an answer of the service that is not the one asked for.
type Error struct {
	Status     int           // HTTP status; 200 when a text came instead of records
	RetryAfter time.Duration // when to come back; 0 unknown
	Reason     string        // one line, never the token

	throttled bool
}

// newError makes an Error of an answer that came at now. A service that
// throttles says so in two shapes: with status 429, or with another one and a
// text; and when to come back either in Retry-After (RFC 9110, section 10.2.3),
// in the text, or not at all.
func newError(status int, retryAfter, reason string, now time.Time) *Error {
	e := &Error{Status: status, Reason: oneLine(reason)}
	e.throttled = status == http.StatusTooManyRequests || strings.Contains(strings.ToLower(reason), "throttled")
	e.RetryAfter = parseRetryAfter(retryAfter, now)
	if e.RetryAfter == 0 && e.throttled {
		e.RetryAfter = comeBackIn(reason)
	}
	return e
}

func (e *Error) Error() string {
	said := fmt.Sprintf("the service answered %d: %s", e.Status, e.Reason)
	if e.RetryAfter > 0 {
		said += fmt.Sprintf(" (come back in %s)", e.RetryAfter)
	}
	return said
}

// IsThrottled reports whether the service asked to come back later.
func (e *Error) IsThrottled() bool { return e.throttled }

// IsUnauthorized reports whether the token is not, or no longer, valid.
func (e *Error) IsUnauthorized() bool { return e.Status == http.StatusUnauthorized && !e.throttled }

// IsForbidden reports whether the token may not read this.
func (e *Error) IsForbidden() bool { return e.Status == http.StatusForbidden && !e.throttled }

// isRefused reports whether the service did not take the question as such.
func isRefused(err error) bool {
	var e *Error
	return errors.As(err, &e) && !e.throttled && (e.Status == http.StatusBadRequest || e.Status == http.StatusUnprocessableEntity)
}

// maxRetryAfter bounds what a service can make the agent wait.
const maxRetryAfter = time.Hour

// parseRetryAfter reads seconds or a date; 0 when it is neither, or is past.
func parseRetryAfter(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if seconds, err := strconv.ParseUint(value, 10, 31); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	if date, err := http.ParseTime(value); err == nil {
		return min(max(0, date.Sub(now)), maxRetryAfter)
	}
	return 0
}

// inSeconds finds the wait in a text such as "available in 25 seconds".
var inSeconds = regexp.MustCompile(`(?i)\bin (\d{1,6})(?:\.\d+)? *(s|sec|seconds?|m|min|minutes?)\b`)

func comeBackIn(text string) time.Duration {
	found := inSeconds.FindStringSubmatch(text)
	if found == nil {
		return 0
	}
	n, err := strconv.Atoi(found[1])
	if err != nil {
		return 0
	}
	unit := time.Second
	if strings.HasPrefix(strings.ToLower(found[2]), "m") {
		unit = time.Minute
	}
	return min(time.Duration(n)*unit, maxRetryAfter)
}

// reasonOf returns what an answer gives as its reason: the text in its JSON, a
// short plain text, else what its status means.
func reasonOf(r *http.Response, body []byte) string {
	if _, err := decode(Alert, bytes.NewReader(body)); err != nil {
		var none errNoList
		if errors.As(err, &none) && none.text != "" {
			return none.text
		}
	}
	text := strings.TrimSpace(string(body))
	if text != "" && len(text) <= 500 && !strings.ContainsAny(text[:1], "{[<") {
		return text
	}
	if meaning := http.StatusText(r.StatusCode); meaning != "" {
		return meaning
	}
	return "no reason given"
}
