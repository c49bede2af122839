package scenarios_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
	"siemdrill/simulator"
)

var _ = Describe("siem-agent-notification-error", func() {
	It("is raised once an episode, however many errors that has", func() {
		InLab(func(lab *simulator.Lab) {
			startAgent(lab)
			lab.Advance(time.Minute)
			for episode := range 2 {
				for _, name := range []string{"reset", "refuse"} { // a send error, then a connection error
					_, err := lab.Syslog.Inject(fakesyslog.Fault{Name: name})
					Expect(err).NotTo(HaveOccurred())
					lab.CAS.Tenant().AddActivities(10, fakecas.Spread{})
					lab.Advance(10 * time.Minute)
				}
				Expect(lab).To(ShowNotification(fakecas.SIEMAgentNotificationError))
				lab.Syslog.HealAll()
				lab.Advance(10 * time.Minute)
				Expect(lab).NotTo(ShowNotification(fakecas.SIEMAgentNotificationError))
				Expect(raisedSoFar(lab)).To(Equal(episode + 1))
			}
			Expect(lab.Check("no-loss", "in-order", "held")).To(Succeed())
		})
	})
})

func raisedSoFar(lab *simulator.Lab) int {
	n := 0
	for _, notification := range lab.Notifications(theAgent) {
		if notification.ID == fakecas.SIEMAgentNotificationError {
			n++
		}
	}
	return n
}
