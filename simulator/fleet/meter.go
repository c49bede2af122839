package fleet

import (
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// meter measures what a run costs this process. It lives outside of the bubble,
// in real time.
type meter struct {
	began time.Time
	cpu   time.Duration
	ended chan struct{}
	peaks chan peaks
}

type peaks struct{ heap, rss int64 }

// Progress is how far a run has come, and what it has cost.
type Progress struct {
	Over     time.Duration // virtual time
	CPU      time.Duration // of the processor, since the run began; 0: not known here
	Resident int64         // bytes now; 0: not known here
}

func (m *meter) progress(over time.Duration) Progress {
	return Progress{over, cpuTime() - m.cpu, resident()}
}

// sampleEvery is how often the memory is looked at.
const sampleEvery = 50 * time.Millisecond

func startMeter() *meter {
	debug.FreeOSMemory() // what was there before is not this run's
	m := &meter{began: time.Now(), cpu: cpuTime(), ended: make(chan struct{}), peaks: make(chan peaks)}
	go m.sample()
	return m
}

func (m *meter) sample() {
	ticker := time.NewTicker(sampleEvery)
	defer ticker.Stop()
	live := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	var p peaks
	for {
		metrics.Read(live)
		p.heap = max(p.heap, int64(live[0].Value.Uint64()))
		p.rss = max(p.rss, resident())
		select {
		case <-ticker.C:
		case <-m.ended:
			m.peaks <- p
			return
		}
	}
}

func (m *meter) stop(r *Result) {
	close(m.ended)
	p := <-m.peaks
	r.Wall = time.Since(m.began).Seconds()
	r.CPU = (cpuTime() - m.cpu).Seconds()
	r.Heap, r.RSS = p.heap, p.rss
}
