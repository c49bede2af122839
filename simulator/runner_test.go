package simulator_test

import (
	"fmt"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/simulator"
)

// A plain forwarder's name chooses its runner, anything else is a command.
func TestRunnerOf(t *testing.T) {
	for word, want := range map[string]simulator.Runner{
		"rsyslog": simulator.Forwarder, "syslog-ng:durable": simulator.Forwarder, "sh": simulator.Foreign,
	} {
		g := NewWithT(t)
		r, err := simulator.RunnerOf([]string{word})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(r).To(Equal(want), word)
	}
	g := NewWithT(t)
	r, err := simulator.RunnerOf([]string{"rsyslog:fast", "-n"})
	g.Expect(r).To(Equal(simulator.Foreign), "with arguments it is a command")
	g.Expect(err).To(MatchError(ContainSubstring("-agent: expected rsyslog, syslog-ng or a command that is there")))
	_, err = simulator.RunnerOf([]string{"rsyslog:fast"})
	g.Expect(err).To(MatchError(ContainSubstring(`rsyslog has no configuration "fast"`)))
}

// What only an agent can do is skipped for a plain forwarder, also where it is
// negated, or is one checker of several.
func TestWhatAPlainForwarderSkips(t *testing.T) {
	for command, reason := range map[string]string{
		"portal status Connected":      "portal status: a plain forwarder makes no contact",
		"! cas pulled":                 "cas pulled: a plain forwarder never asks the service",
		"check no-loss held":           "check held: a plain forwarder makes no contact",
		"agent checkpoint gone":        "agent checkpoint: a plain forwarder keeps no place",
		"cas fault status code=500":    "cas fault: a plain forwarder never asks the service",
		"check no-loss in-order":       "",
		"network move syslog":          "",
		"advance 1m -until arrived":    "",
		"syslog fault refuse -for 10s": "",
	} {
		t.Run(command, func(t *testing.T) {
			g := NewWithT(t)
			s, err := simulator.ParseScript("a.txtar", fmt.Appendf(nil, "# Title\nagent start\n%s\n-- agent.json --\n{}\n", command))
			g.Expect(err).NotTo(HaveOccurred())
			if reason == "" {
				g.Expect(simulator.Forwarder.Lacks(s)).To(BeEmpty())
			} else {
				g.Expect(simulator.Forwarder.Lacks(s)).To(HavePrefix(reason))
			}
		})
	}
}
