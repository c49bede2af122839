package agent

import (
	"errors"
	"net/http"
	"net/url"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/cas"
	"siemdrill/agent/internal/dial"
)

// Failure is why a request to the console failed.
type Failure struct {
	Kind  FailureKind
	Cause error
}

// FailureKind is what follows from a Failure.
type FailureKind int

const (
	// Unreachable: no answer, or one that may be better next time. It is tried
	// again for ever: else an agent could not come back after an outage.
	Unreachable FailureKind = iota
	// Critical: an answer that no retry is expected to mend.
	Critical
	// Unauthorized: the token is not valid; at start that is the end, later it
	// is Critical.
	Unauthorized
	// Deleted: the agent was deleted in the portal.
	Deleted
	// BadProxy: no usable proxy behind the address; at start that is the end,
	// later it is Unreachable.
	BadProxy
)

// failureOf tells what follows from err, the error of a console request.
func failureOf(err error) Failure {
	kind := kindOf(err)
	if e, ok := errors.AsType[*url.Error](err); ok {
		err = e.Err // the rest of it is the address, which doesn't help
	}
	return Failure{kind, err}
}

func kindOf(err error) FailureKind {
	if answer, ok := errors.AsType[*console.AnswerError](err); ok {
		return kindOfStatus(answer.Status)
	}
	if answer, ok := errors.AsType[*cas.Error](err); ok && !answer.IsThrottled() && answer.Status != http.StatusGone {
		return kindOfStatus(answer.Status) // the API's, asked in the portal's place; it deletes no agent
	}
	if _, ok := errors.AsType[*dial.ProxyError](err); ok {
		return BadProxy
	}
	if _, ok := errors.AsType[*refusedHandshake](err); ok {
		return Critical
	}
	return Unreachable
}

// kindOfStatus takes 200 for an answer that can't be read.
func kindOfStatus(status int) FailureKind {
	switch {
	case status == http.StatusUnauthorized:
		return Unauthorized
	case status == http.StatusGone:
		return Deleted
	case status == http.StatusRequestTimeout || status == http.StatusTooEarly || status == http.StatusTooManyRequests:
		return Unreachable
	case status == http.StatusOK || status >= 400 && status < 500:
		return Critical
	}
	return Unreachable
}
