package load

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"time"
)

// finish makes the result of what the taps and the ledgers have.
func (r *run) finish() error {
	result := r.result
	result.Windows = map[string]Arrivals{}
	last := r.began.Add(r.took)
	var parts [windows]Arrivals
	for n, l := range r.lanes {
		_, _, came := l.tap.reading(new(Ages))
		if came.After(last) {
			last = came
		}
		if odd := l.tap.addTo(&parts); odd > 0 {
			result.Failures = append(result.Failures, fmt.Sprintf("%d lines had no number or time where they are documented to be", odd))
		}
		if err := r.book(l); err != nil {
			return fmt.Errorf("the ledger of agent %d: %w", n, err)
		}
	}
	result.Began = r.began.UTC()
	result.Load = r.took.Seconds()
	result.Seconds = last.Sub(r.began).Seconds()
	result.Offered = float64(r.due()) / result.Load
	for w, seconds := range r.openFor(result.Seconds) {
		parts[w].Seconds = seconds
		if seconds > 0 {
			result.Windows[Window(w).String()] = parts[w]
			result.Whole.merge(parts[w])
		}
	}
	result.Whole.Seconds = result.Seconds
	result.Achieved = float64(result.Whole.First) / result.Seconds
	r.bands()
	r.cost()
	return nil
}

// bands tells of each fault what it did.
func (r *run) bands() {
	result := r.result
	for _, s := range r.struck {
		if s.fault.At >= r.took {
			continue
		}
		band := s.band(r.For)
		band.recover(result.Samples, result.Offered)
		next := result.Seconds
		for _, other := range r.Faults {
			if other.At > s.fault.At {
				next = min(next, other.At.Seconds())
			}
		}
		band.again(result.Samples, next)
		result.Faults = append(result.Faults, band)
		result.Failures = append(result.Failures, s.failures()...)
	}
}

// book compares one receiver's ledger with its tenant's. The service makes alerts
// of its own, about the agent; without alerts these are not forwarded.
func (r *run) book(l *lane) error {
	reader, writer := io.Pipe()
	go func() {
		// By hand: there may be tens of millions.
		lines := bufio.NewWriterSize(writer, 1<<20)
		for entry := range l.service.Tenant().Ledger() {
			if !slices.Contains(r.types(), entry.Type) {
				continue
			}
			if _, err := fmt.Fprintf(lines, "{\"id\":%q}\n", entry.ID); err != nil {
				break // nobody reads any more
			}
		}
		writer.CloseWithError(lines.Flush())
	}()
	report, err := l.receiver.Ledger().Report(reader)
	reader.Close()
	addReport(&r.result.Ledger, report)
	return err
}

// openFor is how long each window was open in a run that took so long.
func (r *run) openFor(seconds float64) (open [windows]float64) {
	const step = 10 * time.Millisecond
	for at := time.Duration(0); at.Seconds() < seconds; at += step {
		open[windowAt(r.Faults, at, r.For)] += step.Seconds()
	}
	return open
}

// cost adds up what the agents' processes used.
func (r *run) cost() {
	var cpu time.Duration
	var peak int64
	for _, l := range r.lanes {
		c, p, known := l.agent.used()
		if !known {
			return
		}
		cpu, peak = cpu+c, max(peak, p)
	}
	if n := r.result.Whole.First; n > 0 {
		r.result.Cost = &Cost{CPU: cpu.Seconds() * 1e6 / float64(n), Peak: peak}
	}
}
