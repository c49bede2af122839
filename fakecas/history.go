package fakecas

import (
	"encoding/json"
	"time"
)

// history keeps the last Events for the control API.
type history struct {
	limit int
	first int     // the place of the oldest that is kept, from 1
	list  []Event // at most twice the limit
}

func newHistory(limit int) *history { return &history{limit: limit, first: 1} }

func (h *history) add(e Event) {
	h.list = append(h.list, e)
	if len(h.list) >= 2*h.limit {
		h.first += len(h.list) - h.limit
		h.list = append([]Event(nil), h.list[len(h.list)-h.limit:]...)
	}
}

// eventJSON is an Event as the control APIs of both fakes write it.
type eventJSON struct {
	V          int       `json:"v"`
	Seq        int       `json:"seq"`
	T          time.Time `json:"t"`
	Source     string    `json:"source"`
	Kind       string    `json:"kind"`
	Agent      string    `json:"agent,omitempty"`
	Connection string    `json:"connection,omitempty"`
	Record     string    `json:"record,omitempty"`
	Detail     string    `json:"detail,omitempty"`
}

// after returns the Events that came after the n-th, one JSON object a line.
// Those that are not kept any more are missing: seq shows it.
func (h *history) after(n int) []byte {
	var out []byte
	for i, e := range h.list[min(max(n+1-h.first, 0), len(h.list)):] {
		seq := max(n+1, h.first) + i
		line, err := json.Marshal(eventJSON{1, seq, e.Time.UTC(), "cas", e.Kind, e.Agent, e.Connection, e.Record, e.Detail})
		if err != nil {
			continue
		}
		out = append(append(out, line...), '\n')
	}
	return out
}

// keepHistory starts a history, unless there is one.
func (f *feed) keepHistory(limit int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.history == nil {
		f.history = newHistory(limit)
	}
}

// historyAfter returns the lines after the n-th Event.
func (f *feed) historyAfter(n int) []byte {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.history == nil {
		return nil
	}
	return f.history.after(n)
}
