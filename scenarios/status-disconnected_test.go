package scenarios_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/simulator"
)

var _ = Describe("status-disconnected", func() {
	It("shows at more than twelve hours, after Connection error, and ends with the next contact", func() {
		InLab(func(lab *simulator.Lab) {
			startAgent(lab)
			lab.Advance(time.Minute)
			cutService(lab)
			expectStatusAround(lab, 2*time.Hour, fakecas.Connected, fakecas.ConnectionError)
			expectStatusAround(lab, 12*time.Hour, fakecas.ConnectionError, fakecas.Disconnected)
			Expect(lab).To(ShowNotification(fakecas.SIEMAgentError))
			mendService(lab)
			lab.Advance(3 * time.Minute)
			Expect(lab).To(ShowStatus(fakecas.Connected))
			Expect(lab).NotTo(ShowNotification(fakecas.SIEMAgentError))
		})
	})

	It("shows for an agent that was stopped, and ends when it is started", func() {
		InLab(func(lab *simulator.Lab) {
			startAgent(lab)
			lab.Advance(time.Minute)
			Expect(lab.StopAgent(theAgent)).To(Succeed())
			expectStatusAround(lab, 2*time.Hour, fakecas.Connected, fakecas.ConnectionError)
			expectStatusAround(lab, 12*time.Hour, fakecas.ConnectionError, fakecas.Disconnected)
			Expect(lab.StartAgent(theAgent, simulator.AgentStart{})).To(Succeed())
			lab.Advance(10 * time.Second)
			Expect(lab).To(ShowStatus(fakecas.Connected))
		})
	})
})
