package load

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"siemdrill/fakecas"
)

// Run makes a run and returns what it measured. Watch, which may be nil, is
// called with each sample and how much longer the load lasts at most. An error
// means that there is no result; a run that went badly has Failures. A ctx that
// ends ends the load early.
func Run(ctx context.Context, s Settings, watch func(Sample, time.Duration)) (Result, error) {
	s.Agents, s.Shards = max(s.Agents, 1), max(s.Shards, 1)
	if err := s.Validate(); err != nil {
		return Result{}, err
	}
	result := Result{V: 1, Call: s.Call, Agent: "process", Agents: s.Agents, Shards: s.Shards, Joined: []int{s.Shard}, Seed: s.Seed, CPUs: runtime.NumCPU(), Busy: busy()}
	if s.Binary != "" {
		result.Agent = "binary"
	}
	if s.Calibrate > 0 {
		speed, err := s.calibrate(ctx)
		if err != nil {
			return Result{}, err
		}
		result.Speed = speed
	}
	r := &run{Settings: s, watch: watch, result: &result}
	err := r.all(ctx)
	return result, err
}

// busy is the machine's load average; empty where it isn't told.
func busy() string {
	text, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	return first
}

// run is a run under way.
type run struct {
	Settings
	watch    func(Sample, time.Duration)
	result   *Result
	services []*fakecas.Server
	lanes    []*lane
	began    time.Time
	took     time.Duration // of creating records: less than For where it was cut short

	mu      sync.Mutex
	created []int // by service
}

func (r *run) all(ctx context.Context) error {
	directory, err := os.MkdirTemp("", "siemdrill-load-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(directory)
	err = r.open(ctx, directory)
	if err == nil {
		r.load(ctx)
	}
	var stopped []error
	for _, l := range r.lanes {
		stopped = append(stopped, l.stop())
	}
	if err == nil {
		if bad := errors.Join(stopped...); bad != nil {
			r.result.Failures = append(r.result.Failures, strings.ReplaceAll(strings.TrimSpace(bad.Error()), "\n", "; "))
		}
		err = r.finish()
	} else {
		err = errors.Join(append([]error{err}, stopped...)...)
	}
	for _, l := range r.lanes {
		err = errors.Join(err, l.close())
	}
	for _, s := range r.services {
		err = errors.Join(err, s.Close())
	}
	return err
}

// window is where the run is now. Nothing arrives before it began.
func (r *run) window() Window { return windowAt(r.Faults, time.Since(r.began), r.For) }

// open starts everything and waits until every agent has made contact, so that
// the load meets agents that run.
func (r *run) open(ctx context.Context, directory string) error {
	for n := range r.Agents {
		if n == 0 || !r.Shared {
			service, err := r.startService(n)
			if err != nil {
				return err
			}
			r.services = append(r.services, service)
		}
		l := &lane{service: r.services[len(r.services)-1], tap: &tap{now: time.Now, window: r.window}}
		r.lanes = append(r.lanes, l)
		if err := l.start(r.Settings, n, directory); err != nil {
			return err
		}
	}
	r.created = make([]int, len(r.services))
	const limit, often = 30 * time.Second, 20 * time.Millisecond
	for waited := time.Duration(0); slices.ContainsFunc(r.lanes, func(l *lane) bool { return !l.connected() }); waited += often {
		if waited > limit || ctx.Err() != nil {
			return errNoContact
		}
		time.Sleep(often) // other processes: nothing tells
	}
	return nil
}

// load creates records, with faults, and waits until they have arrived.
func (r *run) load(ctx context.Context) {
	r.began = time.Now()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var generators, others sync.WaitGroup
	for n, service := range r.services {
		generators.Go(func() { r.generate(ctx, n, service.Tenant()) })
	}
	for _, f := range r.Faults {
		others.Go(func() { r.fault(ctx, f) })
	}
	generated := make(chan struct{})
	go func() {
		generators.Wait()
		close(generated)
	}()
	r.sample(generated)
	cancel()
	others.Wait()
}

func (r *run) generate(ctx context.Context, n int, tenant *fakecas.Tenant) {
	arrived := func() int {
		least := -1
		for i, l := range r.lanes {
			if i == n || r.Shared {
				if came := l.tap.count(); least < 0 || came < least {
					least = came
				}
			}
		}
		return least
	}
	p := r.Profile
	if !p.Max {
		p = p.Share(r.Shards * len(r.services))
	}
	late := generate(ctx, tenant, p, r.began, r.For, arrived, func(total int) {
		r.mu.Lock()
		r.created[n] = total
		r.mu.Unlock()
	})
	r.mu.Lock()
	r.result.Late = max(r.result.Late, late.Seconds())
	r.mu.Unlock()
}

// fault injects a fault at its time, in every lane.
func (r *run) fault(ctx context.Context, f Fault) {
	timer := time.NewTimer(time.Until(r.began.Add(f.At)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return
	case <-timer.C:
	}
	for n, l := range r.lanes {
		if err := l.inject(f, n == 0 || !r.Shared, f.end(r.For)-f.At); err != nil {
			r.mu.Lock()
			r.result.Failures = append(r.result.Failures, err.Error())
			r.mu.Unlock()
		}
	}
}

// sample takes samples until everything has arrived, or the drain's time is
// over.
func (r *run) sample(generated chan struct{}) {
	every := min(max(r.For/300, 100*time.Millisecond), time.Second)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	ended := generated
	var deadline time.Time
	for {
		select {
		case <-ended:
			ended, deadline = nil, time.Now().Add(r.Drain)
			r.took = min(time.Since(r.began), r.For)
			continue
		case <-ticker.C:
		}
		now, recent := r.take()
		now.AgeP50, now.AgeP99 = recent.At(50).Seconds(), recent.At(99).Seconds()
		r.result.Samples = append(r.result.Samples, now)
		if r.watch != nil {
			r.watch(now, max(0, r.For-time.Since(r.began)))
		}
		if ended == nil && (now.Backlog() <= 0 || time.Now().After(deadline)) {
			return
		}
	}
}

// take reads where the run stands.
func (r *run) take() (s Sample, recent Ages) {
	s.Created = r.due()
	for _, l := range r.lanes {
		first, duplicated, _ := l.tap.reading(&recent)
		s.Arrived += first
		s.Duplicated += duplicated
	}
	s.At = time.Since(r.began).Seconds()
	return s, recent
}

// due is how many records are to arrive, once at each agent of a tenant.
func (r *run) due() (total int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, n := range r.created {
		total += n
	}
	if r.Shared {
		total *= len(r.lanes)
	}
	return total
}

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
	for _, f := range r.Faults {
		if f.At >= r.took {
			continue
		}
		band := Band{Fault: f.Text, From: f.At.Seconds(), To: f.end(r.For).Seconds()}
		band.recover(result.Samples, result.Offered)
		result.Faults = append(result.Faults, band)
	}
	r.cost()
	result.judge(r.Profile)
	return nil
}

// book compares one receiver's ledger with its tenant's. The service makes alerts
// of its own, about the agent; these are not forwarded here.
func (r *run) book(l *lane) error {
	reader, writer := io.Pipe()
	go func() {
		encoder := json.NewEncoder(writer)
		for entry := range l.service.Tenant().Ledger() {
			if entry.Type != fakecas.Activity {
				continue
			}
			if encoder.Encode(entry) != nil {
				break // nobody reads any more
			}
		}
		writer.Close()
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
