package load

import (
	"runtime/debug"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
	"siemdrill/simulator/peer"
)

// Each side is tried alone and both at once, whatever lies between them; what is
// sent is read by the receiver as good lines.
func TestCalibrate(t *testing.T) {
	fed := Agent{plain: &peer.Program{Name: "rsyslog", Variant: "tuned"}} // it isn't started
	for _, s := range []Settings{{Transport: TCP}, {Transport: TCP, Framing: "octet-counting"}, {Transport: TLS}, {Transport: UDP}, {Transport: TLS, Agent: fed}} {
		g := NewWithT(t)
		speed, err := s.calibrate(t.Context(), 300*time.Millisecond)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(speed.Generator).To(BeNumerically(">", 0))
		g.Expect(speed.Receiver).To(BeNumerically(">", 0))
		g.Expect(speed.Together).To(BeNumerically(">", 0))
	}
}

// What is slow is found to be, and holds back both together.
func TestCalibrateFindsTheSlowSide(t *testing.T) {
	t.Parallel()
	for side, slow := range slowed() {
		t.Run(side, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			speed, err := Settings{Transport: TCP, handicap: slow}.calibrate(t.Context(), time.Second)
			g.Expect(err).NotTo(HaveOccurred())
			name, _ := speed.slower()
			g.Expect(name).To(Equal(side))
			g.Expect(speed.Together).To(BeNumerically("<", max(speed.Generator, speed.Receiver)/2))
		})
	}
}

// slowed is a service that needs two seconds for a page, and a receiver that reads
// a tenth of a megabyte a second: at most 2,500 and some 150 records, which an agent
// can do on the busiest of machines.
func slowed() map[string]handicap {
	return map[string]handicap{
		"generator": {service: []fakecas.Fault{{Name: "slow", Where: "activities", Args: map[string]string{"delay": "2s"}}}},
		"receiver":  {receiver: []fakesyslog.Fault{{Name: "slow-read", Args: map[string]string{"rate": "100000", "buffer": "65536"}}}},
	}
}

// raced says whether the race detector looks at this test.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// A run whose own side was too slow fails, and says which. It measures an agent
// that can go no faster than what it is between.
func TestRunFailsByItsOwnSlowness(t *testing.T) {
	if raced() {
		t.Skip("the race detector makes all of it slower, so nothing follows from who was too slow; the same code runs in TestRun and TestCalibrateFindsTheSlowSide")
	}
	t.Parallel()
	for side, slow := range slowed() {
		t.Run(side, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			r, err := Run(t.Context(), Settings{
				Profile: Profile{Max: true}, For: 10 * time.Second, Transport: TCP, Pull: 100 * time.Millisecond,
				Calibrate: time.Second, handicap: slow,
			}, nil)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(r.Failures).To(ContainElement(ContainSubstring("the " + side + " was too slow to judge the forwarder")))
			g.Expect(r.Bottleneck).To(HavePrefix(side))
		})
	}
}

// A fault that met no traffic fails the run: it has measured something else.
func TestRunFailsByAFaultThatHitNothing(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"at 200ms reset after=1000000000 for 500ms", "at 200ms cas:slow where=alerts for 500ms"} {
		g := NewWithT(t)
		fault, err := ParseFault(text)
		g.Expect(err).NotTo(HaveOccurred())
		profile, err := ParseProfile("500")
		g.Expect(err).NotTo(HaveOccurred())
		r, err := Run(t.Context(), Settings{
			Profile: profile, For: time.Second, Drain: time.Minute, Transport: TCP, Pull: 100 * time.Millisecond, Faults: []Fault{fault},
		}, nil)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(failuresOf(r)).To(ConsistOf(ContainSubstring("was injected and hit nothing")), text)
		g.Expect(r.Faults[0].Hits).To(BeZero())
	}
}
