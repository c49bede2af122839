package cas

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Bounds of what is read of an answer. A full page of activities is some 20 MB.
const (
	maxAnswer  = 256 << 20
	maxFailure = 64 << 10
)

// bodies are buffers for answers, so that a backlog doesn't make a new one for
// each page.
var bodies = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// list makes the request that comes next in s.
func (c *Client) list(ctx context.Context, s *scan, portal json.RawMessage) (answer, error) {
	question, err := s.request(portal, c.pageSize(s.list))
	if err != nil {
		return answer{}, err
	}
	body, err := json.Marshal(question)
	if err != nil {
		return answer{}, err
	}
	if err := c.Throttle.Wait(ctx); err != nil {
		return answer{}, err
	}
	got := bodies.Get().(*bytes.Buffer)
	got.Reset()
	defer bodies.Put(got)
	asked, err := c.post(ctx, "/api/v1/"+listName(s.list)+"/", body, got)
	if err != nil {
		return answer{}, err
	}
	a, err := decode(s.list, got.Bytes())
	a.asked = asked
	if none := (errNoList{}); errors.As(err, &none) {
		return answer{}, c.failure(http.StatusOK, "", none.Error())
	}
	return a, err
}

// post sends body to path and reads the answer into got. It returns when it
// asked, by the service's clock where the answer has a Date, since that is the
// clock that records are stamped with: a clock of ours that is ahead would make
// them look older, and more complete, than they are.
func (c *Client) post(ctx context.Context, path string, body []byte, got *bytes.Buffer) (asked time.Time, err error) {
	asked = c.now()
	ctx, end := withLimit(ctx, orSystem(c.Clock), orDefault(c.RequestTimeout, DefaultRequestTimeout))
	defer end()
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Base+path, bytes.NewReader(body))
	if err != nil {
		return asked, fmt.Errorf("the service's address: %w", err)
	}
	q.Header.Set("Authorization", "Token "+c.Token)
	q.Header.Set("Content-Type", "application/json")

	orSystem(c.Clock).Busy(-1) // waiting for the service is not work
	defer orSystem(c.Clock).Busy(1)
	r, err := orDefault(c.HTTP, http.DefaultClient).Do(q)
	if err != nil {
		return asked, because(ctx, err)
	}
	defer r.Body.Close()
	took := c.now().Sub(asked)
	limit := int64(maxAnswer)
	if r.StatusCode != http.StatusOK {
		limit = maxFailure
	}
	if r.ContentLength > 0 {
		got.Grow(int(min(r.ContentLength, limit)) + bytes.MinRead)
	}
	n, err := got.ReadFrom(io.LimitReader(r.Body, limit+1))
	switch {
	case r.StatusCode != http.StatusOK:
		return asked, c.failure(r.StatusCode, r.Header.Get("Retry-After"), reasonOf(r, got.Bytes()))
	case err != nil:
		return asked, fmt.Errorf("the answer broke off after %d bytes: %w", n, because(ctx, err))
	case n > limit:
		return asked, fmt.Errorf("the answer has more than %d bytes", limit)
	}
	if answered, err := http.ParseTime(r.Header.Get("Date")); err == nil {
		return answered.Add(-took), nil
	}
	return asked, nil
}

// because returns err, or why ctx ended when that is the reason for it.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		return fmt.Errorf("%w (%w)", cause, err)
	}
	return err
}

// failure makes an Error of an answer, and keeps every request back when the
// service asks for that.
func (c *Client) failure(status int, retryAfter, reason string) *Error {
	e := newError(status, retryAfter, c.withoutToken(reason), c.now())
	if e.IsThrottled() {
		c.Throttle.Pause(orDefault(e.RetryAfter, throttleWindow))
	}
	return e
}

// withoutToken takes the token out of a text that the service sent.
func (c *Client) withoutToken(text string) string {
	if c.Token == "" {
		return text
	}
	return strings.ReplaceAll(text, c.Token, "[token]")
}
