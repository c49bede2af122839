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

var _ = Describe("agent-restarted", func() {
	It("loses nothing and sends nothing twice, whenever it is stopped", func() {
		InLab(func(lab *simulator.Lab) {
			lab.CAS.Tenant().AddActivities(2500, fakecas.Spread{Ago: time.Hour})
			config := console.DefaultConfiguration()
			config.Remote = simulator.Receiver(console.TCP)
			settings := agent.Settings{PageSize: 500, RequestsPerMinute: 4}
			Expect(lab.ConfigureAgent(theAgent, config, settings)).To(Succeed())
			for range 20 {
				Expect(lab.StartAgent(theAgent, simulator.AgentStart{})).To(Succeed())
				lab.Advance(7 * time.Second)
				Expect(lab.StopAgent(theAgent)).To(Succeed())
			}
			Expect(lab.StartAgent(theAgent, simulator.AgentStart{})).To(Succeed())
			lab.Advance(10 * time.Minute)
			Expect(lab.Check("no-loss", "no-duplicates", "in-order")).To(Succeed())
		})
	})
})
