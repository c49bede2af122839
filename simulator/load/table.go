package load

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
)

// Write writes the result as a table for people.
func (r Result) Write(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	columns, rows := r.table()
	fmt.Fprintf(table, "\t%s\n", strings.Join(columns, "\t"))
	for _, row := range rows {
		fmt.Fprintln(table, strings.Join(row, "\t"))
	}
	if err := table.Flush(); err != nil {
		return err
	}
	r.writeRest(w)
	return nil
}

// table is every measure that is known, of the whole run and of each window.
func (r Result) table() (columns []string, rows [][]string) {
	columns = []string{"whole run"}
	for _, name := range windowNames {
		if _, open := r.Windows[name]; open && len(r.Windows) > 1 {
			columns = append(columns, name)
		}
	}
	for _, m := range metrics() {
		value, known := m.whole(r)
		if !known {
			continue
		}
		row := []string{m.name, m.format(value)}
		for _, name := range columns[1:] {
			row = append(row, m.cell(r.Windows[name]))
		}
		rows = append(rows, row)
	}
	if r.Cost == nil {
		rows = append(rows, []string{"cpu, rss", "not separable: the agent ran in the process of the fakes (-agent siem-agent tells)"})
	}
	return columns, rows
}

// writeRest writes what has more than one number.
func (r Result) writeRest(w io.Writer) {
	for _, place := range slices.Sorted(maps.Keys(r.Ledger.Lost)) {
		fmt.Fprintf(w, "lost: %d, last seen: %s\n", r.Ledger.Lost[place], place)
	}
	for _, f := range r.Faults {
		fmt.Fprintf(w, "fault %q: %s\n", f.Fault, f.Told(r.Agents))
	}
	if r.Speed != nil {
		fmt.Fprintf(w, "without a forwarder: generator %.0f records/s, receiver %.0f, together %.0f\n", r.Speed.Generator, r.Speed.Receiver, r.Speed.Together)
	}
	fmt.Fprintf(w, "bottleneck: %s\n", r.Bottleneck)
	for _, why := range r.Failures {
		fmt.Fprintf(w, "FAILED: %s\n", why)
	}
}

// cell is the metric of a window; a dash if it has none.
func (m metric) cell(a Arrivals) string {
	if m.part == nil {
		return "-"
	}
	if value, known := m.part(a); known {
		return m.format(value)
	}
	return "-"
}

// Told says in words what a fault did in a run of so many agents.
func (b Band) Told(agents int) string {
	how := "never recovered from"
	switch {
	case b.Recovered && b.Drain == 0:
		how = "nothing was left to make up for at its end"
	case b.Recovered:
		how = fmt.Sprintf("recovered %.1f s after its end, at %.0f records/s", b.Recovery, b.Drain)
	}
	hit := fmt.Sprintf("hit %d", b.Hits)
	if agents > 1 {
		hit += fmt.Sprintf(", at %d of %d agents", b.Lanes, agents)
	}
	return fmt.Sprintf("%s; %s; %d came again", hit, how, b.Duplicated)
}
