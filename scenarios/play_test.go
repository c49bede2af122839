package scenarios_test

import (
	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/scenarios"
	"siemdrill/simulator"
)

// resultEntry names the report entries that carry a Result.
const resultEntry = "scenario"

// Every script of the catalogue is a spec. Its labels say which documented
// messages and which faults in the field it shows: --label-filter selects by
// them. What only Go can say of a scenario is in the file of its name.
var _ = Describe("the catalogue", func() {
	for _, file := range scenarios.Files() {
		data, _ := scenarios.File(file)
		script, err := simulator.ParseScript("scenarios/"+file, data)
		if err != nil {
			It("has a script that can be read: "+file, func() { Expect(err).NotTo(HaveOccurred()) })
			continue
		}
		It("plays "+script.ID, labels(script), func() { play(script) })
	}
})

func labels(s *simulator.Script) Labels {
	var all Labels
	for _, id := range s.Shows {
		all = append(all, "shows:"+id)
	}
	for _, number := range s.Faults {
		all = append(all, "fault:"+number)
	}
	return all
}

// play plays a script, and fails with its reason.
func play(script *simulator.Script) {
	GinkgoHelper()
	r, err := runner.Play(suite, script, simulator.Options{Seed: seed()})
	Expect(err).NotTo(HaveOccurred())
	AddReportEntry(resultEntry, r, ReportEntryVisibilityNever)
	switch r.Verdict {
	case simulator.Failed:
		Fail("\n" + r.Reason)
	case simulator.Skipped:
		Skip(r.Reason)
	}
}
