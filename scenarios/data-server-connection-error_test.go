package scenarios_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/agent"
	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
	"siemdrill/simulator"
)

var _ = Describe("data-server-connection-error", func() {
	DescribeTable("it ends when the outage does, however long that was",
		func(outage time.Duration) {
			InLab(func(lab *simulator.Lab) {
				_, err := lab.Syslog.Inject(fakesyslog.Fault{Name: "refuse"})
				Expect(err).NotTo(HaveOccurred())
				startAgent(lab)
				lab.CAS.Tenant().AddActivities(100, fakecas.Spread{})
				lab.Advance(outage)
				Expect(lab).To(ShowNotification(console.DataServerConnectionError))
				Expect(lab).To(ShowStatus(fakecas.Connected))

				lab.Syslog.HealAll()
				lab.Advance(5 * time.Minute)
				Expect(lab).NotTo(ShowNotification(console.DataServerConnectionError))
				Expect(lab.Check("no-loss", "no-duplicates", "in-order", "held")).To(Succeed())
			})
		},
		Entry("five minutes", 5*time.Minute),
		Entry("an hour", time.Hour),
		Entry("a day", 24*time.Hour),
	)

	It("is not raised over UDP, which can't tell", func() {
		InLab(func(lab *simulator.Lab) {
			config := console.DefaultConfiguration()
			config.Remote = simulator.Receiver(console.UDP)
			config.Remote.Port++ // nobody listens there
			Expect(lab.ConfigureAgent(theAgent, config, agent.Settings{})).To(Succeed())
			Expect(lab.StartAgent(theAgent, simulator.AgentStart{})).To(Succeed())
			lab.CAS.Tenant().AddActivities(100, fakecas.Spread{})
			lab.Advance(time.Hour)
			Expect(lab).To(ShowStatus(fakecas.Connected))
			Expect(lab.Notifications(theAgent)).To(BeEmpty())
		})
	})
})
