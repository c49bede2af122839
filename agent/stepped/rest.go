package stepped

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"time"
)

// What the scheduler knows. With GOMAXPROCS 1 these are exact while the one who
// asks runs, but for what it loses sight of: see threads.
const (
	runnable  = "/sched/goroutines/runnable:goroutines"
	inSyscall = "/sched/goroutines/not-in-go:goroutines"
)

// rest tells whether anything of this process runs.
type rest struct {
	samples [2]metrics.Sample
	poller  *poller
	threads threads
	rests   int    // so far
	swept   uint64 // bytes allocated until garbage was last collected
	outside uint64 // goroutines that sit in a system call for good, as the one that waits for signals
}

func (r *rest) read() (waiting, outside uint64) {
	r.samples[0].Name, r.samples[1].Name = runnable, inSyscall
	metrics.Read(r.samples[:])
	return r.samples[0].Value.Uint64(), r.samples[1].Value.Uint64()
}

// Calibrate takes the process as it is now, when nothing has been started, for
// one at rest. It makes Go run one goroutine at a time, and collect garbage only
// while everything is at rest, which restore takes back: only so is it known for
// certain that nothing runs. A goroutine that waits for the collector is in no
// queue.
func (p *Party) Calibrate() (restore func(), err error) {
	if p.rest.poller, err = newPoller(); err != nil {
		return nil, err
	}
	processors, percent := runtime.GOMAXPROCS(1), debug.SetGCPercent(-1)
	least := ^uint64(0)
	for range 20 {
		time.Sleep(100 * time.Microsecond)
		_, outside := p.rest.read()
		least = min(least, outside)
		if err := p.rest.threads.calibrate(); err != nil {
			return nil, err
		}
	}
	p.rest.outside = least
	return func() {
		debug.SetGCPercent(percent)
		runtime.GOMAXPROCS(processors)
		p.rest.poller.close()
		p.rest.threads.close()
	}, nil
}

// Outside counts goroutines that are about to wait in a system call for good
// (+1), or no longer do (-1).
func (p *Party) Outside(n int) {
	p.change(func() { p.rest.outside = uint64(int(p.rest.outside) + n) })
}

// patience is how often Rest looks at the network before it sleeps in between:
// somebody waits for a disk.
const patience = 300

// Rest returns nil once nothing of the process runs or is about to, or what does
// after limit of real time. Calibrate comes before it, and only one goroutine
// may call it.
func (p *Party) Rest(limit time.Duration) error {
	began, calm := time.Now(), 0
	for round := 0; ; round++ {
		if err := p.rest.poller.poll(); err != nil {
			return err
		}
		why := p.restless()
		if why == "" {
			if calm++; calm < 2 { // between two looks everybody else had the processor
				continue
			}
			asleep, err := p.rest.threads.asleep()
			if err != nil {
				return err
			}
			if !asleep {
				why = "a thread that runs"
			} else if why = p.restless(); why == "" { // still
				p.rest.sweep()
				return nil
			}
		}
		switch {
		case round < patience:
			runtime.Gosched()
		case time.Since(began) > limit:
			return fmt.Errorf("%s after %s of real time", why, limit)
		default:
			time.Sleep(time.Millisecond)
		}
		calm = 0
	}
}

// Garbage is looked at every so many rests, and collected when so much may have
// come together.
const (
	sweepEvery = 64
	sweepAfter = 128 << 20
)

// sweep collects the garbage, if it is worth it.
func (r *rest) sweep() {
	if r.rests++; r.rests%sweepEvery != 0 {
		return
	}
	allocated := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(allocated)
	if now := allocated[0].Value.Uint64(); now-r.swept > sweepAfter {
		r.swept = now
		runtime.GC()
	}
}

// restless says what is not at rest; empty: everything is.
func (p *Party) restless() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	waiting, outside := p.rest.read()
	var why []string
	if waiting > 0 {
		why = append(why, fmt.Sprintf("%d goroutines can run", waiting))
	}
	if outside > p.rest.outside {
		why = append(why, fmt.Sprintf("%d goroutines are in a system call, %d of them for good", outside, p.rest.outside))
	}
	if p.busy != 0 {
		why = append(why, fmt.Sprintf("%d pieces of work in hand", p.busy))
	}
	for d := range p.dials {
		if d.answered() {
			why = append(why, "a dial of "+d.target+" that was answered")
		}
	}
	for l := range p.doors {
		if l.knocked() {
			why = append(why, l.Addr().String()+": a connection to be accepted")
		}
	}
	for c := range p.mailbox {
		if c.waits() {
			why = append(why, c.LocalAddr().String()+": a datagram to be read")
		}
	}
	return strings.Join(why, ", ")
}
