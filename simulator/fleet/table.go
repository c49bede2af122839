package fleet

import (
	"fmt"
	"io"
	"text/tabwriter"
	"time"
)

// Write writes the result for people.
func (r Result) Write(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	of := "each with a tenant of its own"
	if r.Shared {
		of = "of one tenant"
	}
	fmt.Fprintf(table, "agents\t%d, %s, for %s of virtual time (seed %d)\n", r.Agents, of, seconds(r.Virtual).Round(time.Second), r.Seed)
	fmt.Fprintf(table, "requests\t%d answered, of these %d contacts and %d sent away by the throttle\n", r.Requests, r.Contacts, r.Throttled)
	fmt.Fprintf(table, "statuses\t%d changes told, %d looks at the portal\n", r.Changes, r.Looks)
	fmt.Fprintf(table, "records\t%d due, %d did not arrive, %d came again\n", r.Records, r.Missing, r.Again)
	fmt.Fprintf(table, "cost\t%s\n", r.cost())
	if err := table.Flush(); err != nil {
		return err
	}
	for _, what := range r.Failures {
		fmt.Fprintf(w, "FAILED: %s\n", what)
	}
	if r.Wrong > 0 {
		fmt.Fprintf(w, "FAILED: something was wrong with %d of %d agents\n", r.Wrong, r.Agents)
	}
	return nil
}

func (r Result) cost() string {
	return fmt.Sprintf("%.1f s of wall time, %.1f s of processor time; at most %.0f MiB in use, %.0f MiB resident", r.Wall, r.CPU, mib(r.Heap), mib(r.RSS))
}

// WriteGrowth writes how the costs of several runs grow with their agents.
func WriteGrowth(w io.Writer, results []Result) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "agents\trequests\twall s\tCPU s\tCPU µs/request\tin use MiB\tKiB/agent\tresident MiB\tKiB/agent\tstatuses\tmissing\tverdict\t")
	for _, r := range results {
		verdict := "passed"
		if len(r.Failures) > 0 {
			verdict = "FAILED"
		}
		fmt.Fprintf(table, "%d\t%d\t%.1f\t%.1f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%d\t%d\t%s\t\n", r.Agents, r.Requests, r.Wall, r.CPU, 1e6*r.CPU/float64(max(1, r.Requests)),
			mib(r.Heap), each(r.Heap, r.Agents), mib(r.RSS), each(r.RSS, r.Agents), r.Changes+r.Looks, r.Missing, verdict)
	}
	return table.Flush()
}

func mib(n int64) float64 { return float64(n) / (1 << 20) }

// each is what an agent has of n bytes, in KiB.
func each(n int64, agents int) float64 { return float64(n) / float64(agents) / (1 << 10) }

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
