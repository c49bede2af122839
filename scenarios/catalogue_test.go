package scenarios_test

import (
	"os"
	"slices"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/scenarios"
	"siemdrill/simulator"
)

var _ = Describe("the catalogue", func() {
	var scripts []*simulator.Script
	for _, file := range scenarios.Files() {
		data, _ := scenarios.File(file)
		if script, err := simulator.ParseScript("scenarios/"+file, data); err == nil {
			scripts = append(scripts, script)
		}
	}

	It("shows every message that the vendor documents", func() {
		for _, m := range simulator.Messages() {
			Expect(slices.ContainsFunc(scripts, func(s *simulator.Script) bool {
				return slices.Contains(s.Shows, m.ID)
			})).To(BeTrue(), "no scenario shows %s", m.ID)
		}
	})

	It("has no hole where there must be none", func() {
		for _, c := range simulator.CoverageOf(scripts) {
			Expect(c.Holes()).To(BeEmpty())
		}
	})

	It("shows every fault that customers meet, or says why not", func() {
		for _, f := range simulator.FieldFaults() {
			shown := slices.ContainsFunc(scripts, func(s *simulator.Script) bool {
				return slices.Contains(s.Faults, f.Number)
			})
			Expect(shown).To(Equal(f.NotShown == ""), "%s is shown: %v; said to be: %v", f.Number, shown, f.NotShown == "")
		}
	})

	It("is described in README.md as it is", func() {
		var wanted strings.Builder
		simulator.WriteCatalogue(&wanted, scripts)
		found, err := os.ReadFile("README.md")
		Expect(err).NotTo(HaveOccurred())
		Expect(string(found) == wanted.String()).To(BeTrue(), "scenarios/README.md is stale: make catalogue")
	})
})
