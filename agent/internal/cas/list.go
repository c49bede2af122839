package cas

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"siemdrill/agent/console"
)

// Bounds of what is read of an answer. A full page of activities is some 20 MB.
const (
	maxAnswer  = 256 << 20
	maxFailure = 64 << 10
)

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
	return c.post(ctx, s.list, body)
}

// post sends body to list t's path and reads the answer. It is told as asked
// for at the service's time, where the answer has a Date, since that is the
// clock that records are stamped with: a clock of ours that is ahead would make
// them look older, and more complete, than they are.
func (c *Client) post(ctx context.Context, t Type, body []byte) (answer, error) {
	asked := c.now()
	ctx, end := withLimit(ctx, orSystem(c.Clock), orDefault(c.RequestTimeout, DefaultRequestTimeout))
	defer end()
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, c.Base+"/api/v1/"+listName(t)+"/", bytes.NewReader(body))
	if err != nil {
		return answer{}, fmt.Errorf("the service's address: %w", err)
	}
	q.Header.Set("Authorization", "Token "+c.Token)
	q.Header.Set("Content-Type", "application/json")

	orSystem(c.Clock).Busy(-1) // waiting for the service is not work
	r, err := orDefault(c.HTTP, http.DefaultClient).Do(q)
	orSystem(c.Clock).Busy(1)
	if err != nil {
		return answer{}, because(ctx, err)
	}
	defer r.Body.Close()
	took := c.now().Sub(asked)
	if answered, err := http.ParseTime(r.Header.Get("Date")); err == nil {
		asked = answered.Add(-took)
	}
	coming := &arriving{ctx: ctx, clock: orSystem(c.Clock), body: r.Body, left: maxAnswer}
	if r.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(coming, maxFailure)) // what came of it will do
		return answer{}, c.failure(r, r.StatusCode, reasonOf(r, said))
	}
	a, err := decode(t, coming)
	a.asked = asked
	if none := (errNoList{}); errors.As(err, &none) {
		return answer{}, c.failure(r, http.StatusOK, none.Error())
	}
	return a, err
}

// arriving is the body of an answer.
type arriving struct {
	ctx   context.Context
	clock Clock
	body  io.Reader
	left  int // how many bytes may still come
}

func (a *arriving) Read(p []byte) (int, error) {
	a.clock.Busy(-1) // nor is waiting for the rest of it
	n, err := a.body.Read(p)
	a.clock.Busy(1)
	if a.left -= n; a.left < 0 {
		return 0, fmt.Errorf("it has more than %d bytes", maxAnswer)
	}
	if err != nil && err != io.EOF {
		err = because(a.ctx, err)
	}
	return n, err
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
func (c *Client) failure(r *http.Response, status int, reason string) *Error {
	e := newError(status, r.Header.Get("Retry-After"), console.WithoutToken(reason, c.Token, r), c.now())
	if e.IsThrottled() {
		c.Throttle.Pause(orDefault(e.RetryAfter, throttleWindow))
	}
	return e
}
