package scenarios_test

import (
	"strings"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/simulator"
)

var _ = Describe("invalid-token", func() {
	// The token's service is found and refuses it.
	stranger := console.NewToken("https://contoso.eu.portal.cloudappsecurity.com", [32]byte{1})

	DescribeTable("it is said for every token that can't be right",
		func(token string) {
			InLab(func(lab *simulator.Lab) {
				addAgent(lab)
				Expect(lab.StartAgent(theAgent, simulator.AgentStart{Token: token})).To(Succeed())
				lab.Advance(10 * time.Second)
				Expect(lab.Exited(theAgent)).To(Equal(5))
				Expect(lab.Console(theAgent)).To(HavePrefix("Invalid token\n"))
				Expect(lab.Console(theAgent)).NotTo(ContainSubstring(token), "a token is a secret")
				Expect(lab).To(ShowStatus(fakecas.Created))
			})
		},
		Entry("too short", "ABCD2345"),
		Entry("too long", strings.Repeat("ABCD2345", 30)),
		Entry("of other characters", strings.Repeat("abcd-890", 10)),
		Entry("of the right shape, for no service", strings.Repeat("ABCD2345", 10)),
		Entry("cut short", stranger[:len(stranger)-8]),
		Entry("unknown to the service", stranger),
	)
})
