package simulator

import (
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Verdict is what was found of a scenario, or by a checker.
type Verdict string

// The verdicts.
const (
	Passed  Verdict = "passed"
	Failed  Verdict = "failed"
	Skipped Verdict = "skipped" // whole, before it played; the reason says why
)

// CheckResult is the verdict of one checker and what it is based on.
type CheckResult struct {
	Name    string  `json:"name"`
	Verdict Verdict `json:"verdict"`
	Detail  string  `json:"detail"`
}

// Result is what came of a scenario, one JSON object a line.
type Result struct {
	V        int           `json:"v"` // version of the format: 1
	ID       string        `json:"id"`
	Title    string        `json:"title"`
	Runner   string        `json:"runner"`
	Seed     uint64        `json:"seed"`
	Verdict  Verdict       `json:"verdict"`
	Reason   string        `json:"reason,omitempty"`
	VirtualS float64       `json:"virtual_s"`
	WallS    float64       `json:"wall_s"`
	Checks   []CheckResult `json:"checks"`
}

// Virtual is how long the scenario took on its own clock.
func (r Result) Virtual() time.Duration { return seconds(r.VirtualS) }

// Wall is how long the scenario took on ours.
func (r Result) Wall() time.Duration { return seconds(r.WallS) }

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// Report writes results for a person: one line a scenario, the reason of each
// that did not pass, and a total.
type Report struct {
	W       io.Writer
	results []Result
}

// Note counts r without a line of its own.
func (p *Report) Note(r Result) { p.results = append(p.results, r) }

// Add writes the line of r.
func (p *Report) Add(r Result) {
	p.Note(r)
	fmt.Fprintf(p.W, "%-32s %-62s %11s %8s  %s\n", r.ID, shorten(r.Title, 62), virtual(r.Virtual()), wall(r.Wall()), r.Verdict)
	if r.Reason != "" {
		fmt.Fprintf(p.W, "\n%s\n\n", r.Reason)
	}
}

// Total writes the last line: counts, and both times.
func (p *Report) Total() {
	var v, w time.Duration
	count := map[Verdict]int{}
	for _, r := range p.results {
		v, w = v+r.Virtual(), w+r.Wall()
		count[r.Verdict]++
	}
	fmt.Fprintf(p.W, "%d scenarios: %d passed, %d failed, %d skipped; %s of virtual time in %s\n",
		len(p.results), count[Passed], count[Failed], count[Skipped], virtual(v), wall(w))
}

// AllPassed says whether no scenario failed.
func (p *Report) AllPassed() bool {
	for _, r := range p.results {
		if r.Verdict == Failed {
			return false
		}
	}
	return true
}

// WriteJSON writes r as one line.
func WriteJSON(w io.Writer, r Result) error { return json.NewEncoder(w).Encode(r) }

// virtual prints hours, minutes and seconds: 13h05m00s.
func virtual(d time.Duration) string {
	d = d.Round(time.Second)
	return fmt.Sprintf("%dh%02dm%02ds", d/time.Hour, d/time.Minute%60, d/time.Second%60)
}

func wall(d time.Duration) string { return fmt.Sprintf("%d ms", d.Milliseconds()) }

func shorten(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n-1]) + "…"
	}
	return s
}
