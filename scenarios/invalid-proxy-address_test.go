package scenarios_test

import (
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
	"siemdrill/simulator"
)

var _ = Describe("invalid-proxy-address", func() {
	DescribeTable("it is said at once of what can't be an address",
		func(address string) {
			InLab(func(lab *simulator.Lab) {
				addAgent(lab)
				Expect(lab.StartAgent(theAgent, simulator.AgentStart{Proxy: address})).To(Succeed())
				lab.Advance(time.Second)
				Expect(lab.Exited(theAgent)).To(Equal(6))
				Expect(lab.Console(theAgent)).To(HavePrefix("Invalid proxy address\n"))
				Expect(lab).To(ShowStatus(fakecas.Created))
			})
		},
		Entry("a port of letters", "proxy.contoso.com:http-alt"),
		Entry("a port that is too large", "proxy.contoso.com:80800"),
		Entry("no name", ":8080"),
		Entry("another scheme", "socks5://proxy.contoso.com:1080"),
		Entry("words", "the proxy of the office"),
	)
})
