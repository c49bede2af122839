package report

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"siemdrill/simulator"
)

// scene is what a page shows of one run: what stands in its markup, and the
// packed data that its program draws.
type scene struct {
	Phases []simulator.Phase
	Ledger ledger
	Events int // in the History
	Shown  int // of them in Packed; the page's own limit may drop them all
	Lines  int // of the receiver in Packed

	whole, bare string // packed, with the History and without it
}

// drawing is what is packed of a run.
type drawing struct {
	Start  string      `json:"start"` // RFC 3339
	Span   int64       `json:"span"`  // µs
	Lanes  []lane      `json:"lanes"`
	Lines  []string    `json:"lines"` // the last ones that the receiver took
	Events *eventTable `json:"events,omitempty"`
}

func newScene(run simulator.Run, limits Limits) (scene, error) {
	s := scene{Ledger: newLedger(run, limits.Rows), Events: len(run.Evidence.Events), Lines: len(run.Lines)}
	if run.Script != nil {
		s.Phases = run.Phases()
	}
	if s.Events == 0 { // it was not played
		return s, nil
	}
	d := newDrawing(run)
	var err error
	if s.bare, err = pack(d); err != nil {
		return s, err
	}
	d.Events = newEventTable(run.Evidence.Events, run.Start, limits.Events)
	s.Shown = len(d.Events.Time)
	s.whole, err = pack(d)
	return s, err
}

func newDrawing(run simulator.Run) drawing {
	d := drawing{
		Start: run.Start.UTC().Format("2006-01-02T15:04:05.000Z"),
		Span:  run.Evidence.Now.Sub(run.Start).Microseconds(),
		Lanes: lanes(run),
		Lines: make([]string, len(run.Lines)),
	}
	for i, line := range run.Lines {
		d.Lines[i] = visible(line)
	}
	return d
}

// pack is v as JSON, compressed, in letters that mean nothing to HTML: so no
// text in it can end an element, and a History takes a few bytes an event.
func pack(v any) (string, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(v); err != nil {
		return "", fmt.Errorf("a run's data: %w", err)
	}
	if err := z.Close(); err != nil {
		return "", fmt.Errorf("a run's data: %w", err)
	}
	return strings.TrimRight(base64.URLEncoding.EncodeToString(b.Bytes()), "="), nil
}
