package scenarios_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/simulator"
)

var _ = Describe("bootstrap-error", func() {
	DescribeTable("a checkpoint that can't be believed is never taken for none",
		func(damage string) {
			InLab(func(lab *simulator.Lab) {
				lab.CAS.Tenant().AddActivities(30, fakecas.Spread{Ago: time.Hour})
				startAgent(lab)
				lab.Advance(time.Minute)
				Expect(lab.StopAgent(theAgent)).To(Succeed())
				Expect(lab.DamageCheckpoint(theAgent, damage)).To(Succeed())
				for range 2 { // the first time doesn't mend it
					Expect(lab.StartAgent(theAgent, simulator.AgentStart{})).To(Succeed())
					lab.Advance(time.Minute)
					Expect(lab.Exited(theAgent)).To(Equal(3))
					Expect(lab.Console(theAgent)).To(HavePrefix("General error during bootstrap\n"))
				}
				Expect(lab.Check("no-duplicates")).To(Succeed())
			})
		},
		Entry("torn", "torn"),
		Entry("of another agent", "foreign"),
		Entry("of a newer version", "newer"),
	)
})
