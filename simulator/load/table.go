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
	names := []string{"whole run"}
	for _, name := range windowNames {
		if _, open := r.Windows[name]; open && len(r.Windows) > 1 {
			names = append(names, name)
		}
	}
	fmt.Fprintf(table, "\t%s\n", strings.Join(names, "\t"))
	for _, m := range metrics() {
		value, known := m.whole(r)
		if !known {
			continue
		}
		cells := []string{m.format(value)}
		for _, name := range names[1:] {
			cells = append(cells, m.cell(r.Windows[name]))
		}
		fmt.Fprintf(table, "%s\t%s\n", m.name, strings.Join(cells, "\t"))
	}
	if r.Cost == nil {
		fmt.Fprintf(table, "cpu, rss\tnot separable: the agent ran in the process of the fakes (-agent binary tells)\n")
	}
	if err := table.Flush(); err != nil {
		return err
	}
	r.writeRest(w)
	return nil
}

// writeRest writes what has more than one number.
func (r Result) writeRest(w io.Writer) {
	for _, place := range slices.Sorted(maps.Keys(r.Ledger.Lost)) {
		fmt.Fprintf(w, "lost: %d, last seen: %s\n", r.Ledger.Lost[place], place)
	}
	for _, f := range r.Faults {
		how := "never recovered from"
		if f.Recovered {
			how = fmt.Sprintf("recovered %.1f s after its end, at %.0f records/s", f.Recovery, f.Drain)
		}
		fmt.Fprintf(w, "fault %q: %s\n", f.Fault, how)
	}
	if r.Speed != nil {
		fmt.Fprintf(w, "without an agent: generator %.0f records/s, receiver %.0f records/s\n", r.Speed.Generator, r.Speed.Receiver)
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
