package report

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"siemdrill/simulator"
)

//go:embed page.html page.css page_*.js
var assets embed.FS

// page is what page.html is filled with.
type page struct {
	Policy   string // Content-Security-Policy: nothing is loaded, one program may run
	Style    template.CSS
	Program  template.JS
	Count    map[string]int // of scenarios, by verdict
	Virtual  string
	Wall     string
	Verdict  simulator.Verdict // of all
	Sections []section
}

// section is one scenario.
type section struct {
	Run    simulator.Run
	Anchor string
	Open   bool   // not folded when the page opens
	File   string // its whole History, relative to the page
	Packed string // what the program draws; empty: nothing was played
	Shown  int    // events of the History in Packed
	Cut    string // a sentence about what is left out of the History; empty: nothing
	scene
}

// writePage writes the page of the entries, those that failed first.
func writePage(w io.Writer, entries []entry, limits Limits) error {
	program, policy, err := program()
	if err != nil {
		return err
	}
	style, err := assets.ReadFile("page.css")
	if err != nil {
		return err
	}
	p := page{Policy: policy, Style: template.CSS(style), Program: template.JS(program), Count: map[string]int{"passed": 0, "failed": 0, "skipped": 0}, Verdict: simulator.Passed}
	var virtual, wall time.Duration
	left := limits.TotalEvents
	for _, e := range failedFirst(entries) {
		s := newSection(e, left, len(entries) <= 3)
		left -= s.Shown
		p.Sections = append(p.Sections, s)
		r := e.run.Result
		p.Count[string(r.Verdict)]++
		virtual, wall = virtual+r.Virtual(), wall+r.Wall()
		if r.Verdict == simulator.Failed {
			p.Verdict = simulator.Failed
		}
	}
	p.Virtual, p.Wall = span(virtual), span(wall)
	return markup.ExecuteTemplate(w, "page.html", p)
}

func failedFirst(entries []entry) []entry {
	sorted := slices.Clone(entries)
	slices.SortStableFunc(sorted, func(a, b entry) int { return rank(a) - rank(b) })
	return sorted
}

func rank(e entry) int {
	if e.run.Result.Verdict == simulator.Failed {
		return 0
	}
	return 1
}

func newSection(e entry, left int, few bool) section {
	s := section{
		Run:    e.run,
		Anchor: "s-" + e.name,
		Open:   few || e.run.Result.Verdict == simulator.Failed,
		File:   historyFolder + "/" + url.PathEscape(e.name) + ".jsonl",
		Packed: e.scene.whole,
		Shown:  e.scene.Shown,
		scene:  e.scene,
	}
	if s.Shown > left {
		s.Packed, s.Shown = e.scene.bare, 0
	}
	switch {
	case s.Shown == 0 && s.Events > 0:
		s.Cut = fmt.Sprintf("This page has too many events already: the %d of this scenario are only in the file beside it.", s.Events)
	case s.Shown < s.Events:
		s.Cut = fmt.Sprintf("The last %d of %d events; the %d before them are only in the file beside this page.", s.Shown, s.Events, s.Events-s.Shown)
	}
	return s
}

// program is the page's own, and the policy that lets it run and nothing else.
func program() (text, policy string, err error) {
	text, err = parts("page_data.js", "page_timeline.js", "page_gestures.js", "page_history.js", "page_start.js")
	if err != nil {
		return "", "", err
	}
	text = "(() => {\n\"use strict\";\n" + text + "})();\n"
	hash := sha256.Sum256([]byte(text))
	policy = fmt.Sprintf("default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-%s'; base-uri 'none'; form-action 'none'",
		base64.StdEncoding.EncodeToString(hash[:]))
	return text, policy, nil
}

var markup = template.Must(template.New("").Funcs(template.FuncMap{
	"span":    span,
	"visible": visible,
	"lines":   visibleLines,
	"mark":    mark,
	"clock": func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format("15:04:05")
	},
	"word":  func(v simulator.Verdict) string { return strings.ReplaceAll(string(v), " ", "-") },
	"plus1": func(i int) int { return i + 1 },
	"label": func(r simulator.Result) string { return visible(r.ID) },
}).ParseFS(assets, "page.html"))

// mark is a verdict's shape, for those who can't go by its colour.
func mark(v simulator.Verdict) string {
	switch v {
	case simulator.Passed:
		return "✓"
	case simulator.Failed:
		return "✗"
	}
	return "○"
}

// span is a time as a person reads it: two units are enough.
func span(d time.Duration) string {
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < time.Hour:
		return fmt.Sprintf("%d min %02d s", d/time.Minute, d/time.Second%60)
	}
	return fmt.Sprintf("%d h %02d min", d/time.Hour, d/time.Minute%60)
}
