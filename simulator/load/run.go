package load

import (
	"context"
	"errors"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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
	result := Result{V: 1, Call: s.Call, Agent: s.Agent.String(), Agents: s.Agents, Shards: s.Shards, Joined: []int{s.Shard}, Seed: s.Seed, CPUs: runtime.NumCPU(), Busy: busy()}
	var before Speed
	if s.Calibrate > 0 {
		var err error
		if before, err = s.calibrate(ctx, s.Calibrate/2); err != nil {
			return Result{}, err
		}
	}
	r := &run{Settings: s, watch: watch, result: &result}
	if err := r.all(ctx); err != nil {
		return result, err
	}
	if s.Calibrate > 0 {
		result.Speed = &before
		if ctx.Err() == nil { // else whoever ended it waits
			after, err := s.calibrate(ctx, s.Calibrate/2)
			if err != nil {
				return result, err
			}
			*result.Speed = before.least(after)
		}
	}
	result.judge(s.Profile)
	return result, nil
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
	services []*service
	lanes    []*lane
	struck   []*struck // a fault each
	began    time.Time
	clock    atomic.Pointer[time.Time] // the same, for the receivers' goroutines; nil before it
	took     time.Duration             // of creating records: less than For where it was cut short

	mu sync.Mutex // of the result, while generators run
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
func (r *run) window() Window {
	began := r.clock.Load()
	if began == nil {
		return BeforeFault
	}
	return windowAt(r.Faults, time.Since(*began), r.For)
}

// open starts everything and waits until every agent has begun, so that the
// load meets agents that run.
func (r *run) open(ctx context.Context, directory string) error {
	for n := range r.Agents {
		if n == 0 || !r.Shared {
			s, err := r.startService(n)
			if err != nil {
				return err
			}
			r.services = append(r.services, s)
		}
		l := &lane{service: r.services[len(r.services)-1], tap: &tap{now: time.Now, window: r.window}}
		r.lanes = append(r.lanes, l)
		if err := l.start(r.Settings, n, directory); err != nil {
			return err
		}
	}
	return r.begin(ctx)
}

// begin waits until every agent has begun its work.
func (r *run) begin(ctx context.Context) error {
	const limit, often = 30 * time.Second, 20 * time.Millisecond
	for waited := time.Duration(0); ; waited += often {
		waiting := false
		for _, l := range r.lanes {
			if err := l.agent.ended(); err != nil {
				return err
			}
			waiting = waiting || !l.begun(r.Agent)
		}
		switch {
		case !waiting:
			return nil
		case waited > limit:
			return errNotBegun
		case ctx.Err() != nil:
			return context.Cause(ctx)
		}
		time.Sleep(often) // other processes: nothing tells
	}
}

// load creates records, with faults, and waits until they have arrived.
func (r *run) load(ctx context.Context) {
	r.began = time.Now()
	r.clock.Store(&r.began)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var generators, others sync.WaitGroup
	for n := range r.services {
		generators.Go(func() { r.generate(ctx, n) })
	}
	for _, f := range r.Faults {
		s := &struck{fault: f}
		r.struck = append(r.struck, s)
		others.Go(func() { r.strike(ctx, s) })
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

func (r *run) generate(ctx context.Context, n int) {
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
	m := &mix{tenant: r.services[n].Tenant(), share: r.Alerts}
	late := generate(ctx, p, r.began, r.For, arrived, func(due int, at fakecas.Spread) {
		m.create(due, at)
		for i, l := range r.lanes {
			if i == n || r.Shared {
				l.agent.wake()
			}
		}
	})
	r.mu.Lock()
	r.result.Late = max(r.result.Late, late.Seconds())
	r.mu.Unlock()
}

// sample takes samples until everything has arrived, the drain's time is over,
// or nobody is left to forward anything.
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
		if ended == nil && (now.Backlog() <= 0 || time.Now().After(deadline) || r.deserted()) {
			return
		}
	}
}

// deserted says whether every agent has ended.
func (r *run) deserted() bool {
	return !slices.ContainsFunc(r.lanes, func(l *lane) bool { return l.agent.ended() == nil })
}

// take reads where the run stands.
func (r *run) take() (s Sample, recent Ages) {
	s.Created = r.due()
	for _, l := range r.lanes {
		first, duplicated, _ := l.tap.reading(&recent)
		s.Arrived += first
		s.Duplicated += duplicated
		s.Memory += l.agent.resident()
	}
	s.At = time.Since(r.began).Seconds()
	return s, recent
}

// due is how many records are to arrive, once at each agent of a tenant. The
// service's own alerts, about the agent, are among them if alerts are.
func (r *run) due() (total int) {
	for _, s := range r.services {
		for _, kind := range r.types() {
			total += s.Tenant().Count(kind)
		}
	}
	if r.Shared {
		total *= len(r.lanes)
	}
	return total
}
