package cas

import (
	"fmt"
	"net/http"
	"time"
)

// Error is an answer of the service that is not the one asked for.
type Error struct {
	Status     int           // HTTP status
	RetryAfter time.Duration // 0 unknown
	Reason     string        // one line, never the token

	throttled bool
}

func (e *Error) Error() string {
	return fmt.Sprintf("the service answered %d: %s", e.Status, e.Reason)
}

// IsThrottled reports whether the service asked to come back later.
func (e *Error) IsThrottled() bool { return e.throttled || e.Status == http.StatusTooManyRequests }

// IsUnauthorized reports whether the token is not, or no longer, valid.
func (e *Error) IsUnauthorized() bool { return e.Status == http.StatusUnauthorized }

// IsForbidden reports whether the token may not read this.
func (e *Error) IsForbidden() bool { return e.Status == http.StatusForbidden }
