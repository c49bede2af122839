package fakecas

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// answer is what a request will be answered with, before it is written.
type answer struct {
	status     int
	body       []byte // JSON
	etag       string
	allow      string                         // the methods, with a 405
	retryAfter time.Duration                  // 0: the header is left out
	challenge  bool                           // WWW-Authenticate, with a 401
	served     *served                        // the records in it; nil: none
	release    func()                         // gives the body's memory back; nil: nothing to do
	write      func(*exchange, *answer) error // instead of the plain way; nil: plain
}

// served are the records that a page holds.
type served struct {
	table  *table
	places []uint32
}

// reply makes an answer of a value.
func reply(status int, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		return refusal(http.StatusInternalServerError, err.Error())
	}
	return answer{status: status, body: body}
}

// refusal makes an error answer that gives its reason.
func refusal(status int, detail string) answer {
	return reply(status, map[string]string{"detail": detail})
}

// send writes the answer.
func (a *answer) send(x *exchange) error {
	if a.write != nil {
		return a.write(x, a)
	}
	a.sendHeader(x, len(a.body))
	_, err := x.w.Write(a.body)
	return err
}

// sendHeader writes status and header of an answer of so many bytes.
func (a *answer) sendHeader(x *exchange, length int) {
	h := x.w.Header()
	h.Set("Date", x.now().UTC().Format(http.TimeFormat))
	if a.etag != "" {
		h.Set("ETag", a.etag)
	}
	if a.retryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(seconds(a.retryAfter)))
	}
	if a.allow != "" {
		h.Set("Allow", a.allow)
	}
	if a.challenge {
		h.Set("WWW-Authenticate", "Token")
	}
	if a.status != http.StatusNotModified && a.status != http.StatusNoContent {
		h.Set("Content-Type", "application/json")
		h.Set("Content-Length", strconv.Itoa(length))
	}
	x.w.WriteHeader(a.status)
}

// seconds rounds up, so that a client that waits them doesn't come too early.
func seconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
