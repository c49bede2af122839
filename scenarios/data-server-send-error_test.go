package scenarios_test

import (
	"strconv"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
	"siemdrill/simulator"
)

var _ = Describe("data-server-send-error", func() {
	DescribeTable("a connection that breaks once costs no record, wherever it breaks",
		func(after int) {
			InLab(func(lab *simulator.Lab) {
				startAgent(lab)
				lab.Advance(time.Minute)
				_, err := lab.Syslog.Inject(fakesyslog.Fault{Name: "reset", First: 1, After: after})
				Expect(err).NotTo(HaveOccurred())
				lab.CAS.Tenant().AddActivities(2500, fakecas.Spread{})
				lab.Advance(10 * time.Minute)
				Expect(lab).To(ShowStatus(fakecas.Connected))
				Expect(lab).NotTo(ShowNotification(console.DataServerSendError))
				Expect(lab.Check("no-loss", "in-order", "well-formed")).To(Succeed())
			})
		},
		func(after int) string { return "after " + strconv.Itoa(after) + " lines" },
		// A connection carries 500 lines at most (half of K), then it is confirmed.
		Entry(nil, 0), Entry(nil, 1), Entry(nil, 250), Entry(nil, 499), Entry(nil, 500),
	)
})
