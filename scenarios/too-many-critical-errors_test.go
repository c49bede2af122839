package scenarios_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/agent"
	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/simulator"
)

var _ = Describe("too-many-critical-errors", func() {
	It("is not said of nine: what is mended in time goes on", func() {
		InLab(func(lab *simulator.Lab) {
			startAgent(lab)
			lab.Advance(time.Minute)
			lab.CAS.Tenant().RemoveAdmin(fakecas.Admin)
			lab.CAS.Tenant().AddActivities(30, fakecas.Spread{})
			lab.Advance(9 * time.Minute)
			Expect(lab.Exited(theAgent)).To(Equal(-1))
			lab.CAS.Tenant().RestoreAdmin(fakecas.Admin)
			lab.Advance(time.Hour)
			Expect(lab.Exited(theAgent)).To(Equal(-1))
			Expect(lab.Check("no-loss", "no-duplicates")).To(Succeed())
		})
	})

	It("counts within a window: nine, a pause, and nine more are not too many", func() {
		InLab(func(lab *simulator.Lab) {
			startAgent(lab)
			lab.Advance(time.Minute)
			for range 3 {
				lab.CAS.Tenant().RemoveAdmin(fakecas.Admin)
				lab.Advance(9 * time.Minute)
				lab.CAS.Tenant().RestoreAdmin(fakecas.Admin)
				lab.Advance(15 * time.Minute)
				Expect(lab.Exited(theAgent)).To(Equal(-1))
			}
		})
	})

	DescribeTable("its number and its window are settings",
		func(errors int, after time.Duration) {
			InLab(func(lab *simulator.Lab) {
				config := console.DefaultConfiguration()
				config.Remote = simulator.Receiver(console.TCP)
				Expect(lab.ConfigureAgent(theAgent, config, agent.Settings{CriticalErrors: errors})).To(Succeed())
				Expect(lab.StartAgent(theAgent, simulator.AgentStart{})).To(Succeed())
				lab.Advance(30 * time.Second)
				lab.CAS.Tenant().RemoveAdmin(fakecas.Admin)
				lab.Advance(after - time.Second)
				Expect(lab.Exited(theAgent)).To(Equal(-1))
				lab.Advance(time.Minute)
				Expect(lab.Exited(theAgent)).To(Equal(4))
			})
		},
		Entry("one", 1, 30*time.Second),
		Entry("three", 3, 150*time.Second),
	)
})
