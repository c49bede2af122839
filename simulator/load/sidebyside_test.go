package load

import (
	"bytes"
	"testing"

	. "github.com/onsi/gomega"
)

// A column an agent, of the median of its runs; what differs says so, and what
// was not measured is not a number.
func TestSideBySide(t *testing.T) {
	g := NewWithT(t)
	run := func(agent string, rate float64, lost int, recovered bool) Result {
		r := measured(rate)
		r.Agent, r.Bottleneck = agent, "agent"
		r.Ledger.Lost["unread"] = lost
		r.Faults = []Band{{Fault: "at 1s stall", Recovered: recovered, Recovery: 2}}
		return r
	}
	failed := run("rsyslog:default", 300, 12, false)
	failed.Failures = []string{"threshold lost==0: it was 12"}
	head, rows := SideBySide([]Result{
		run("siem-agent", 100, 0, true), failed,
		run("siem-agent", 120, 0, true), run("rsyslog:default", 300, 0, true),
		run("siem-agent", 110, 0, true), run("rsyslog:default", 300, 0, true),
	})
	g.Expect(head).To(Equal([]string{"", "siem-agent", "rsyslog:default"}))
	g.Expect(rows).To(ContainElements(
		[]string{"rate", "110 records/s (100 records/s to 120 records/s)", "300 records/s"},
		[]string{"lost", "0", "0 (0 to 12)"},
		[]string{"recovered from: at 1s stall", "2s", "2s, not in 1 of 3"},
		[]string{"bottleneck", "agent", "agent"},
		[]string{"verdict", "passed", "1 of 3 failed"},
	))
	for _, row := range rows {
		g.Expect(row[0]).NotTo(Equal("cpu"), "nobody measured it")
	}
	var text bytes.Buffer
	g.Expect(WriteSideBySide(&text, []Result{failed})).To(Succeed())
	g.Expect(text.String()).To(ContainSubstring("FAILED: rsyslog:default, round 1: threshold lost==0: it was 12"))
}
