package scenarios_test

import (
	"bytes"
	"os"
	"slices"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/scenarios"
	"siemdrill/simulator"
)

// A few scripts are played on real processes each time: one of each kind of
// thing that the kernel does otherwise than memory. SIEMDRILL_NIGHTLY plays all.
var onProcessesToo = []string{
	"agent-killed", "api-service-resets", "data-server-connection-error", "data-server-send-error-stall", "invalid-token",
	"proxy-down", "siem-server-moved", "syslog-over-tls", "udp-drop",
}

var _ = Describe("the runners", func() {
	for _, script := range catalogue() {
		if os.Getenv("SIEMDRILL_NIGHTLY") == "" && !slices.Contains(onProcessesToo, script.ID) {
			continue
		}
		It("give one verdict on "+script.ID, Label("verdict"), func() {
			if runner != simulator.InBubble {
				Skip("this compares runners")
			}
			options := simulator.Options{Seed: seed()}
			real, err := simulator.OnProcesses.Play(suite, script, options)
			Expect(err).NotTo(HaveOccurred())
			if real.Verdict == simulator.Skipped {
				Skip(real.Reason)
			}
			bubble, err := simulator.InBubble.Play(suite, script, options)
			Expect(err).NotTo(HaveOccurred())
			Expect(real.Verdict).To(Equal(bubble.Verdict), real.Reason)
			Expect(verdicts(real)).To(Equal(verdicts(bubble)))
		})
	}

	It("are listed with what they skip: make catalogue", func() {
		var page bytes.Buffer
		Expect(simulator.WriteRunners(&page, catalogue())).To(Succeed())
		Expect(os.ReadFile("../docs/runners.md")).To(BeEquivalentTo(page.String()))
	})
})

// catalogue is every script.
func catalogue() []*simulator.Script {
	var all []*simulator.Script
	for _, file := range scenarios.Files() {
		data, _ := scenarios.File(file)
		if script, err := simulator.ParseScript(file, data); err == nil { // else another spec fails
			all = append(all, script)
		}
	}
	return all
}

// verdicts are those of a result's checkers.
func verdicts(r simulator.Result) []string {
	var all []string
	for _, c := range r.Checks {
		all = append(all, c.Name+" "+string(c.Verdict))
	}
	return all
}
