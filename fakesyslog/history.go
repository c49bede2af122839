package fakesyslog

import (
	"bytes"
	"encoding/json"
	"sync"
	"time"
)

// History keeps the last events of a server. Give its Add to the server as
// Hook. The zero value keeps 100,000.
type History struct {
	Most int // events kept; 0 is 100,000

	mu     sync.Mutex
	events []Event // a ring once it is full
	next   int     // where the next one goes
	seq    uint64  // of the last one
}

const defaultHistory = 100_000

// Add appends an event.
func (h *History) Add(e Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	most := h.Most
	if most <= 0 {
		most = defaultHistory
	}
	h.seq++
	if len(h.events) < most {
		h.events = append(h.events, e)
		return
	}
	h.events[h.next] = e
	h.next = (h.next + 1) % most
}

// After returns the events that are kept and came after the one numbered seq,
// oldest first, and the number of the first of them.
func (h *History) After(seq uint64) (events []Event, first uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	gone := h.seq - uint64(len(h.events))
	skip := 0
	if seq > gone {
		skip = int(min(seq-gone, uint64(len(h.events))))
	}
	for i := skip; i < len(h.events); i++ {
		events = append(events, h.events[(h.next+i)%len(h.events)])
	}
	return events, gone + uint64(skip) + 1
}

// Reset forgets all events. Numbers go on.
func (h *History) Reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.events, h.next = nil, 0
}

// eventJSON is an event on the wire, version 1.
type eventJSON struct {
	V          int    `json:"v"`
	Seq        uint64 `json:"seq,omitempty"`
	T          string `json:"t"`
	Source     string `json:"source"`
	Kind       string `json:"kind"`
	Agent      string `json:"agent,omitempty"`
	Connection string `json:"connection,omitempty"`
	Record     string `json:"record,omitempty"`
	Detail     string `json:"detail,omitempty"`
}

// JSON is the event as a line of a history, without its number, and a line
// feed.
func (e Event) JSON() []byte { return e.line(0) }

// line is the event as a line of a history that is written out.
func (e Event) line(seq uint64) []byte {
	return jsonLine(eventJSON{1, seq, e.Time.UTC().Format(time.RFC3339Nano), "syslog", e.Kind, e.Agent, e.Connection, e.Record, e.Detail})
}

// jsonLine writes a plain value on one line, and > of a connection as it is.
func jsonLine(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(err) // strings and numbers: it can't fail
	}
	return b.Bytes()
}
