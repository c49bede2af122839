package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	loads "siemdrill/simulator/load"
)

// A line has what matters and fits a terminal, however long the numbers are.
func TestProgress(t *testing.T) {
	g := NewWithT(t)
	var out bytes.Buffer
	plain := &progress{out: &out}
	plain.sample(loads.Sample{At: 1, Created: 1}, time.Minute, false) // too soon
	plain.sample(loads.Sample{At: 6, Created: 1000, Arrived: 600, AgeP50: 0.5, AgeP99: 1.25}, time.Minute, false)
	plain.sample(loads.Sample{At: 90_000, Created: 1e9, AgeP50: 40_000, AgeP99: 50_000}, 25*time.Hour, true)
	plain.end()
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	g.Expect(lines).To(HaveLen(2))
	g.Expect(lines[0]).To(Equal("    6 s      100/s  age p50   0.50 p99   1.25 s  backlog      400    1m0s left"))
	g.Expect(lines[1]).To(And(HavePrefix("!"), HaveLen(columns)))

	out.Reset()
	terminal := &progress{out: &out, terminal: true, colour: true}
	terminal.sample(loads.Sample{At: 1}, time.Minute, false)
	terminal.sample(loads.Sample{At: 2}, time.Minute, true)
	terminal.end()
	g.Expect(strings.Count(out.String(), "\r\x1b[K")).To(Equal(2))
	g.Expect(strings.Count(out.String(), "\n")).To(Equal(1))
	g.Expect(strings.Count(out.String(), "\x1b[31m!")).To(Equal(1))

	out.Reset()
	terminal.colour = false
	terminal.sample(loads.Sample{At: 3}, time.Minute, true)
	g.Expect(out.String()).To(And(ContainSubstring("!   3 s"), Not(ContainSubstring("\x1b[31m"))))
}

// What is not a terminal gets plain lines.
func TestProgressIntoAFile(t *testing.T) {
	g := NewWithT(t)
	file, err := os.Create(t.TempDir() + "/out")
	g.Expect(err).NotTo(HaveOccurred())
	defer file.Close()
	p := newProgress(file)
	g.Expect([]bool{p.terminal, p.colour}).To(Equal([]bool{false, false}))
}
