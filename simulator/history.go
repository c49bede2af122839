package simulator

import (
	"encoding/json"
	"io"
	"sync"
	"time"
)

// Source says who saw what happened.
type Source string

// The sources of events. Checkers judge from what the fakes and the network
// saw; the agent's own events only explain, since a foreign agent has none.
const (
	FromCAS     Source = "cas"
	FromSyslog  Source = "syslog"
	FromAgent   Source = "agent"
	FromNetwork Source = "network"
	FromScript  Source = "script"
	FromChecker Source = "checker"
)

// Event is one thing that happened, as it is written: one JSON object a line.
// Readers ignore fields that they don't know.
type Event struct {
	V          int       `json:"v"`   // version of the format: 1
	Seq        int       `json:"seq"` // place in its History, from 1
	T          time.Time `json:"t"`   // virtual time
	Source     Source    `json:"source"`
	Kind       string    `json:"kind"`
	Agent      string    `json:"agent,omitempty"`
	Connection string    `json:"connection,omitempty"`
	Record     string    `json:"record,omitempty"`
	Detail     string    `json:"detail,omitempty"`
}

// History is everything that happened in a Lab, in order. The zero value is an
// empty one; it is safe for concurrent use.
type History struct {
	mu     sync.Mutex
	events []Event
}

// Append adds e at the end and numbers it.
func (h *History) Append(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e.V, e.Seq = 1, len(h.events)+1
	h.events = append(h.events, e)
}

// Events returns what has happened so far. The slice is not changed later.
func (h *History) Events() []Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.events[:len(h.events):len(h.events)]
}

// WriteTo writes the History to w, one JSON object a line.
func (h *History) WriteTo(w io.Writer) (int64, error) {
	counter := &countingWriter{w: w}
	out := json.NewEncoder(counter)
	for _, e := range h.Events() {
		if err := out.Encode(e); err != nil {
			return counter.n, err
		}
	}
	return counter.n, nil
}

type countingWriter struct {
	w io.Writer
	n int64
}

func (c *countingWriter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
