package fakesyslog

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// Report says what became of the events that should have come, in the words of
// Jepsen's set checker: lost, duplicated, unexpected, recovered.
type Report struct {
	Created    int `json:"created"`    // events that the tenant's ledger has
	Arrived    int `json:"arrived"`    // of these, parsed at least once
	Duplicated int `json:"duplicated"` // of these, parsed more than once
	Recovered  int `json:"recovered"`  // of these, seen at another place too: lost once and sent again
	Unexpected int `json:"unexpected"` // parsed, and not in the tenant's ledger

	// Lost are the events that were never parsed, by the place where they were
	// seen. "no trace" is never sent, or lost before this kernel.
	Lost map[string]int `json:"lost"`

	// Of the lost and the unexpected, the first ones.
	Examples []Example `json:"examples"`

	Forgotten int `json:"forgotten,omitempty"` // arrivals whose id found no room: the report does not know them
}

// Example is one event that was lost or unexpected. Connection and Offset are
// of its last appearance here, if the ledger still has it.
type Example struct {
	ID         string `json:"id"`
	What       string `json:"what"` // "lost" or "unexpected"
	Place      string `json:"place"`
	Connection string `json:"connection,omitempty"`
	Offset     int64  `json:"offset,omitempty"`
}

const (
	noTrace     = "no trace"
	maxExamples = 100
)

// Report compares the ledger with a tenant's: one JSON object a line, of which
// "id" is read. Booking goes on meanwhile: an event is judged as its line is
// read.
func (l *Ledger) Report(tenant io.Reader) (Report, error) {
	r := Report{Lost: map[string]int{}, Examples: []Example{}}
	var created tally
	lines := bufio.NewScanner(tenant)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var event struct{ ID string }
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil || event.ID == "" {
			return r, fmt.Errorf("line %d of the tenant's ledger: expected one JSON object with an id, found %.60q", n, lines.Text())
		}
		created.add([]byte(event.ID), planeParsed)
		r.judge(event.ID, l.seen([]byte(event.ID)))
	}
	if err := lines.Err(); err != nil {
		return r, fmt.Errorf("the tenant's ledger: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	r.Forgotten = l.tally.forgotten + created.forgotten
	r.unexpected(&l.tally, &created)
	r.place(l)
	return r, nil
}

func (l *Ledger) seen(id []byte) uint8 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.tally.seen(id)
}

// judge counts one event that should have come.
func (r *Report) judge(id string, seen uint8) {
	r.Created++
	elsewhere := seen &^ (1<<planeParsed | 1<<planeAgain)
	if seen>>planeParsed&1 == 1 {
		r.Arrived++
		r.Duplicated += int(seen >> planeAgain & 1)
		if elsewhere != 0 {
			r.Recovered++
		}
		return
	}
	place := noTrace
	for _, p := range []Place{Unread, Rejected, Truncated, Swallowed} {
		if elsewhere>>planeOf[p]&1 == 1 {
			place = string(p)
		}
	}
	r.Lost[place]++
	r.example(Example{ID: id, What: "lost", Place: place})
}

func (r *Report) example(e Example) {
	if len(r.Examples) < maxExamples {
		r.Examples = append(r.Examples, e)
	}
}

// unexpected counts what was parsed and never created. Of a generated id only
// the number is known for good.
func (r *Report) unexpected(parsed, created *tally) {
	for kind, name := range seriesNames {
		r.Unexpected += parsed.planes[kind][planeParsed].without(&created.planes[kind][planeParsed], maxExamples-len(r.Examples),
			func(n uint64) {
				r.example(Example{ID: fmt.Sprintf("%s %d", name, n), What: "unexpected", Place: string(Parsed)})
			})
	}
	for _, id := range slices.Sorted(maps.Keys(parsed.foreign)) {
		if parsed.foreign[id]>>planeParsed&1 == 1 && created.foreign[id] == 0 {
			r.Unexpected++
			r.example(Example{ID: id, What: "unexpected", Place: string(Parsed)})
		}
	}
}

// place finds where the examples were last seen.
func (r *Report) place(l *Ledger) {
	at := map[string]*Example{}
	for i := range r.Examples {
		at[r.Examples[i].ID] = &r.Examples[i]
	}
	for e := range l.wrong.all() {
		if x := at[e.ID]; x != nil && x.What == "lost" {
			x.Connection, x.Offset = e.Connection, e.Offset
		}
	}
}

// WriteTo writes the report as a table.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	var b strings.Builder
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "created\t%d\narrived\t%d\nduplicated\t%d\nrecovered\t%d\nunexpected\t%d\n",
		r.Created, r.Arrived, r.Duplicated, r.Recovered, r.Unexpected)
	total := 0
	for _, n := range r.Lost {
		total += n
	}
	fmt.Fprintf(t, "lost\t%d\n", total)
	for _, place := range []string{string(Unread), string(Rejected), string(Truncated), string(Swallowed), noTrace} {
		if n := r.Lost[place]; n > 0 {
			fmt.Fprintf(t, "  %s\t%d\n", place, n)
		}
	}
	if r.Forgotten > 0 {
		fmt.Fprintf(t, "forgotten\t%d\n", r.Forgotten)
	}
	for _, e := range r.Examples {
		fmt.Fprintf(t, "%s\t%s\t%s", e.What, e.ID, e.Place)
		if e.Connection != "" {
			fmt.Fprintf(t, "\t%s at byte %d", e.Connection, e.Offset)
		}
		fmt.Fprintln(t)
	}
	err := t.Flush()
	n, werr := io.WriteString(w, b.String())
	return int64(n), errors.Join(err, werr)
}
