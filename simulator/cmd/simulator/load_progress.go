package main

import (
	"fmt"
	"os"
	"time"

	loads "siemdrill/simulator/load" // load is what reads a scenario
)

// progress shows a load test while it runs: on a terminal one line that is
// written again, elsewhere a line every five seconds.
type progress struct {
	out      *os.File
	terminal bool
	last     loads.Sample // that was shown
	shown    bool
}

func newProgress(out *os.File) *progress {
	info, err := out.Stat()
	return &progress{out: out, terminal: err == nil && info.Mode()&os.ModeCharDevice != 0}
}

func (p *progress) sample(s loads.Sample, left time.Duration) {
	every := 5.0
	if p.terminal {
		every = 0.5
	}
	took := s.At - p.last.At
	if took < every {
		return
	}
	p.line(fmt.Sprintf("%5.0f s  %8.0f records/s  age p50 %6.2f s  p99 %6.2f s  backlog %8d  %s left",
		s.At, float64(s.Arrived-p.last.Arrived)/took, s.AgeP50, s.AgeP99, s.Backlog(), left.Round(time.Second)))
	p.last = s
}

// line shows one, in place of the last one on a terminal.
func (p *progress) line(text string) {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K", text)
	} else {
		fmt.Fprintln(p.out, text)
	}
	p.shown = true
}

// end leaves the line.
func (p *progress) end() {
	if p.terminal && p.shown {
		fmt.Fprintln(p.out)
	}
}
