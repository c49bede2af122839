package scenarios_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/simulator"
)

var _ = Describe("token-regenerated", func() {
	It("loses nothing that was made while the agent was down", func() {
		InLab(func(lab *simulator.Lab) {
			startAgent(lab)
			lab.Advance(time.Minute)
			Expect(lab.RegenerateToken(theAgent)).To(Succeed())
			lab.CAS.Tenant().AddActivities(100, fakecas.Spread{})
			lab.Advance(20 * time.Minute)
			Expect(lab.Exited(theAgent)).To(Equal(4))
			lab.CAS.Tenant().AddActivities(100, fakecas.Spread{})
			Expect(lab.StartAgent(theAgent, simulator.AgentStart{})).To(Succeed())
			lab.Advance(2 * time.Minute)
			Expect(lab.Check("no-loss", "no-duplicates", "in-order")).To(Succeed())
		})
	})

	It("is Invalid token at the next start with the old one", func() {
		InLab(func(lab *simulator.Lab) {
			startAgent(lab)
			lab.Advance(time.Minute)
			Expect(lab.RegenerateToken(theAgent)).To(Succeed())
			Expect(lab.StopAgent(theAgent)).To(Succeed())
			Expect(lab.StartAgent(theAgent, simulator.AgentStart{Token: "previous"})).To(Succeed())
			lab.Advance(10 * time.Second)
			Expect(lab.Exited(theAgent)).To(Equal(5))
		})
	})
})
