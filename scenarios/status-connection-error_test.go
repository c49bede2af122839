package scenarios_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/simulator"
)

var _ = Describe("status-connection-error", func() {
	It("shows at more than two hours, counted from the last contact, also from a later one", func() {
		InLab(func(lab *simulator.Lab) {
			startAgent(lab)
			lab.Advance(time.Minute)
			for range 2 { // the second time after a recovery
				cutService(lab)
				expectStatusAround(lab, 2*time.Hour, fakecas.Connected, fakecas.ConnectionError)
				mendService(lab)
				lab.Advance(3 * time.Minute)
				Expect(lab).To(ShowStatus(fakecas.Connected))
			}
		})
	})

	It("never shows for an agent that never made contact", func() {
		InLab(func(lab *simulator.Lab) {
			cutService(lab)
			startAgent(lab)
			added := lab.Now()
			for _, age := range []time.Duration{2 * time.Hour, 12 * time.Hour} {
				for _, edge := range []time.Duration{-time.Second, 0, time.Second} {
					Expect(lab.AdvanceTo(added.Add(age + edge))).To(Succeed())
					Expect(lab).To(ShowStatus(fakecas.Created))
				}
			}
			mendService(lab)
			lab.Advance(3 * time.Minute)
			Expect(lab).To(ShowStatus(fakecas.Connected))
		})
	})
})

func cutService(lab *simulator.Lab)  { lab.Cut("agent", "cas") }
func mendService(lab *simulator.Lab) { lab.Mend("agent", "cas") }

// expectStatusAround looks one second before, at, and one second after the time
// that lies age after the last contact.
func expectStatusAround(lab *simulator.Lab, age time.Duration, until, from fakecas.Status) {
	GinkgoHelper()
	edge := lab.LastContact(theAgent).Add(age)
	Expect(lab.AdvanceTo(edge.Add(-time.Second))).To(Succeed())
	Expect(lab).To(ShowStatus(until))
	Expect(lab.AdvanceTo(edge)).To(Succeed())
	Expect(lab).To(ShowStatus(until))
	Expect(lab.AdvanceTo(edge.Add(time.Second))).To(Succeed())
	Expect(lab).To(ShowStatus(from))
}
