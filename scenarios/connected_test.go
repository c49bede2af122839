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

var _ = Describe("connected", func() {
	DescribeTable("records of one instant arrive whole, whatever the size of a page",
		func(records int) {
			InLab(func(lab *simulator.Lab) {
				lab.CAS.Tenant().AddActivities(records, fakecas.Spread{Ago: time.Hour})
				config := console.DefaultConfiguration()
				config.Remote = simulator.Receiver(console.TCP)
				Expect(lab.ConfigureAgent(theAgent, config, agent.Settings{PageSize: 500})).To(Succeed())
				Expect(lab.StartAgent(theAgent, simulator.AgentStart{})).To(Succeed())
				lab.Advance(2 * time.Minute)
				Expect(lab.Check("no-loss", "no-duplicates")).To(Succeed())
			})
		},
		Entry("one", 1),
		Entry("a page less one", 499),
		Entry("a page", 500),
		Entry("a page and one", 501),
		Entry("three pages", 1500),
	)
})
