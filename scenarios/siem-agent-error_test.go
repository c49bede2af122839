package scenarios_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/simulator"
)

var _ = Describe("siem-agent-error", func() {
	It("is raised at more than twelve hours, once an absence, and resolved by the next contact", func() {
		InLab(func(lab *simulator.Lab) {
			startAgent(lab)
			lab.Advance(time.Minute)
			for absence := range 2 {
				Expect(lab.StopAgent(theAgent)).To(Succeed())
				edge := lab.LastContact(theAgent).Add(12 * time.Hour)
				Expect(lab.AdvanceTo(edge)).To(Succeed())
				Expect(lab).NotTo(ShowNotification(fakecas.SIEMAgentError))
				Expect(lab.AdvanceTo(edge.Add(time.Second))).To(Succeed())
				Expect(lab).To(ShowNotification(fakecas.SIEMAgentError))
				lab.Advance(48 * time.Hour)
				Expect(lab.Notifications(theAgent)).To(HaveLen(absence + 1))

				Expect(lab.StartAgent(theAgent, simulator.AgentStart{})).To(Succeed())
				lab.Advance(time.Minute)
				Expect(lab).NotTo(ShowNotification(fakecas.SIEMAgentError))
			}
		})
	})
})
