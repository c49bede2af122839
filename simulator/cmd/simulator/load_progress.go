package main

import (
	"fmt"
	"io"
	"os"
	"time"

	loads "siemdrill/simulator/load" // load is what reads a scenario
)

// progress shows a load test while it runs: on a terminal one line that is
// written again, elsewhere a line every five seconds. A ! before it, on a
// terminal with colours red, says that a fault stands.
type progress struct {
	out      io.Writer
	terminal bool
	colour   bool
	last     loads.Sample // that was shown
	p50, p99 float64      // of the last that arrived: a short while brings nothing
	shown    bool
}

func newProgress(out *os.File) *progress {
	info, err := out.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
	return &progress{out: out, terminal: terminal, colour: terminal && os.Getenv("NO_COLOR") == ""}
}

// columns is how long a line may be: one that a terminal wraps can't be written
// again.
const columns = 79

func (p *progress) sample(s loads.Sample, left time.Duration, fault bool) {
	if s.AgeP99 > 0 {
		p.p50, p.p99 = s.AgeP50, s.AgeP99
	}
	every := 5.0
	if p.terminal {
		every = 0.5
	}
	took := s.At - p.last.At
	if took < every {
		return
	}
	mark := " "
	if fault {
		mark = "!"
	}
	line := fmt.Sprintf("%s%4.0f s %8.0f/s  age p50 %6.2f p99 %6.2f s  backlog %8d  %6s left",
		mark, s.At, float64(s.Arrived-p.last.Arrived)/took, p.p50, p.p99, s.Backlog(), left.Round(time.Second))
	line = line[:min(len(line), columns)]
	if fault && p.colour {
		line = "\x1b[31m" + line + "\x1b[0m"
	}
	p.line(line)
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
