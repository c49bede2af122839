package load

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// sideBySide are the measures that a comparison of agents shows; besides, a row
// for each fault.
var sideBySide = []string{
	"rate", "offered", "age.p50", "age.p99", "age.p99.99", "lost", "duplicated", "duplicated.fault", "out-of-order", "backlog.max", "cpu", "rss", "rss.growth",
}

// column is the runs of one agent.
type column struct {
	agent string
	runs  []Result
}

// columns sorts results by their agent, in the order in which these came first.
func columns(results []Result) (all []column) {
	for _, r := range results {
		i := slices.IndexFunc(all, func(c column) bool { return c.agent == r.Agent })
		if i < 0 {
			i, all = len(all), append(all, column{agent: r.Agent})
		}
		all[i].runs = append(all[i].runs, r)
	}
	return all
}

// SideBySide is a table of several agents' runs: a row a measure, the names
// first; a cell is the median of an agent's runs and, if they differ, from where
// to where they go.
func SideBySide(results []Result) (head []string, rows [][]string) {
	all := columns(results)
	row := func(name string, cell func(column) string) []string {
		cells := []string{name}
		for _, c := range all {
			cells = append(cells, cell(c))
		}
		return cells
	}
	head = row("", func(c column) string { return c.agent })
	for _, m := range metrics() {
		if !slices.Contains(sideBySide, m.name) {
			continue
		}
		cells := row(m.name, func(c column) string { return c.cell(m, m.whole) })
		if slices.ContainsFunc(cells[1:], func(cell string) bool { return cell != unknown }) {
			rows = append(rows, cells)
		}
	}
	recovery, _ := metricNamed("recovery.max")
	for i, fault := range faultsOf(results) {
		rows = append(rows, row("recovered from: "+fault, func(c column) string {
			return c.cell(recovery, func(r Result) (float64, bool) {
				if i >= len(r.Faults) {
					return 0, false
				}
				return r.Faults[i].Recovery, r.Faults[i].Recovered
			})
		}))
	}
	return head, append(rows, row("bottleneck", column.bottleneck), row("verdict", column.verdict))
}

// faultsOf are the faults that all runs have in common.
func faultsOf(results []Result) (faults []string) {
	for n, r := range results {
		var own []string
		for _, f := range r.Faults {
			own = append(own, f.Fault)
		}
		if n == 0 {
			faults = own
		}
		for len(faults) > 0 && (len(faults) > len(own) || !slices.Equal(faults, own[:len(faults)])) {
			faults = faults[:len(faults)-1]
		}
	}
	return faults
}

const unknown = "-"

// cell is a measure of a column's runs.
func (c column) cell(m metric, of func(Result) (float64, bool)) string {
	var values []float64
	for _, r := range c.runs {
		if v, known := of(r); known {
			values = append(values, v)
		}
	}
	if len(values) == 0 {
		return unknown
	}
	slices.Sort(values)
	cell := m.format(middle(values))
	low, high := m.format(values[0]), m.format(values[len(values)-1])
	if low != high {
		cell += fmt.Sprintf(" (%s to %s)", low, high)
	}
	if missing := len(c.runs) - len(values); missing > 0 {
		cell += fmt.Sprintf(", not in %d of %d", missing, len(c.runs))
	}
	return cell
}

// middle is the median of sorted values.
func middle(values []float64) float64 {
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}

// bottleneck names all that the runs had.
func (c column) bottleneck() string {
	var all []string
	for _, r := range c.runs {
		if !slices.Contains(all, r.Bottleneck) {
			all = append(all, r.Bottleneck)
		}
	}
	return strings.Join(all, " / ")
}

func (c column) verdict() string {
	failed := 0
	for _, r := range c.runs {
		if len(r.Failures) > 0 {
			failed++
		}
	}
	switch {
	case failed == 0:
		return "passed"
	case len(c.runs) == 1:
		return "failed"
	}
	return fmt.Sprintf("%d of %d failed", failed, len(c.runs))
}

// WriteSideBySide writes the table for people, and after it why runs failed.
func WriteSideBySide(w io.Writer, results []Result) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	head, rows := SideBySide(results)
	for _, row := range append([][]string{head}, rows...) {
		fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, c := range columns(results) {
		for n, r := range c.runs {
			for _, why := range r.Failures {
				fmt.Fprintf(w, "FAILED: %s, round %d: %s\n", c.agent, n+1, why)
			}
		}
	}
	return nil
}
