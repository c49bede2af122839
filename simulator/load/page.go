package load

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"
	"strings"
)

//go:embed page.html
var pageText string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// WritePage writes results as an HTML page that needs nothing besides itself: a
// table of all side by side if there are several agents; of each run the
// numbers, and rate, event age, backlog and memory over time with a band for
// each fault.
func WritePage(w io.Writer, results []Result) error {
	p := page{}
	if len(results) > 1 {
		p.Head, p.Rows = SideBySide(results)
	}
	for _, r := range results {
		columns, rows := r.table()
		p.Runs = append(p.Runs, pageRun{r, columns, rows, r.plots()})
	}
	return pageTemplate.Execute(w, p)
}

// page is what the template draws.
type page struct {
	Head []string // of all side by side; nil: there is one run
	Rows [][]string
	Runs []pageRun
}

type pageRun struct {
	Result  Result
	Columns []string
	Rows    [][]string
	Plots   []plot
}

// The size of a plot, in the picture's own units.
const (
	plotWidth, plotHeight = 900, 160
	plotLeft, plotBottom  = 70, 140
)

// plot is one picture of something over time.
type plot struct {
	Title                       string
	Width, Height, Left, Bottom int
	Most, Last                  string // at the ends of the axes
	Bands                       []plotBand
	Lines                       []plotLine
}

type plotBand struct {
	X, Width, Height float64
	Title            string
}

type plotLine struct {
	Name, Colour, Points string
}

// curve is a number of each sample.
type curve struct {
	name, colour string
	values       []float64
}

func (r Result) plots() []plot {
	if len(r.Samples) == 0 {
		return nil
	}
	created, arrived := curve{name: "created", colour: "#999"}, curve{name: "arrived", colour: "#06c"}
	p50, p99 := curve{name: "p50", colour: "#06c"}, curve{name: "p99", colour: "#c60"}
	backlog := curve{name: "created and not arrived", colour: "#06c"}
	memory := curve{name: "resident", colour: "#06c"}
	for i, s := range r.Samples {
		before := r.ago(i)
		took := max(s.At-before.At, 1e-3)
		created.values = append(created.values, float64(s.Created-before.Created)/took)
		arrived.values = append(arrived.values, float64(s.Arrived-before.Arrived)/took)
		p50.values, p99.values = append(p50.values, known(s.AgeP50)), append(p99.values, known(s.AgeP99))
		backlog.values = append(backlog.values, float64(s.Backlog()))
		memory.values = append(memory.values, known(float64(s.Memory)/(1<<20)))
	}
	all := []plot{
		r.plot("Records a second", created, arrived),
		r.plot("Event age, in seconds, of what arrived", p50, p99),
		r.plot("Backlog, in records", backlog),
	}
	if slices.ContainsFunc(memory.values, func(v float64) bool { return v == v }) {
		all = append(all, r.plot("Memory of the agent, in MiB resident", memory))
	}
	return all
}

// ago is the last sample that is a second older than the ith: what is pulled once
// a second makes no rate in a shorter time.
func (r Result) ago(i int) (before Sample) {
	for _, s := range r.Samples[:i] {
		if r.Samples[i].At-s.At < 1 {
			break
		}
		before = s
	}
	return before
}

// known is a number that isn't there where it is 0: nothing came, nobody knows.
func known(v float64) float64 {
	if v == 0 {
		return math.NaN()
	}
	return v
}

func (r Result) plot(title string, curves ...curve) plot {
	last, most := r.Samples[len(r.Samples)-1].At, 0.0
	for _, c := range curves {
		for _, v := range c.values {
			if v > most { // and is there
				most = v
			}
		}
	}
	x := func(at float64) float64 { return plotLeft + min(at/last, 1)*(plotWidth-plotLeft) }
	p := plot{
		Title: title, Width: plotWidth, Height: plotHeight, Left: plotLeft, Bottom: plotBottom,
		Most: mark(most), Last: fmt.Sprintf("%.0f s", last),
	}
	for _, f := range r.Faults {
		p.Bands = append(p.Bands, plotBand{x(f.From), x(f.To) - x(f.From), plotBottom, f.Fault})
	}
	for _, c := range curves {
		var points strings.Builder
		for i, v := range c.values {
			if math.IsNaN(v) {
				continue
			}
			fmt.Fprintf(&points, "%.1f,%.1f ", x(r.Samples[i].At), plotBottom-v/max(most, 1e-9)*(plotBottom-10))
		}
		p.Lines = append(p.Lines, plotLine{c.name, c.colour, points.String()})
	}
	return p
}

// mark is a number at the end of an axis.
func mark(v float64) string {
	if v < 100 {
		return fmt.Sprintf("%.2g", v)
	}
	return fmt.Sprintf("%.0f", v)
}
