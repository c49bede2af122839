package scenarios_test

import (
	"fmt"
	"time"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/agent"
	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/simulator"
)

// What the portal's advanced settings make of the beginning of a line.
var _ = Describe("line", func() {
	times := []struct {
		format console.TimeFormat
		stamp  string
	}{
		{console.RFC5424, `2026-01-05T08:00:00\.000Z`},
		{console.RFC3164, `Jan 05 08:00:00`},
		{console.RFC3164WithYear, `Jan 05 2026 08:00:00`},
	}
	for _, format := range []console.Format{console.GenericCEF, console.ArcSight} {
		for _, t := range times {
			for _, pri := range []bool{false, true} {
				for _, system := range []bool{false, true} {
					name := fmt.Sprintf("%s, %s, PRI %v, system name %v", format, t.format, pri, system)
					It("begins as configured: "+name, func() {
						wanted := "^"
						if pri {
							wanted += `<\d{1,3}>`
						}
						wanted += t.stamp + " "
						if system {
							wanted += "LAB-agent "
						}
						wanted += `CEF:0\|MCAS\|SIEM_Agent\|[0-9.]+\|EVENT_CATEGORY_`
						expectLines(wanted, func(c *console.Configuration) {
							c.Format, c.TimeFormat, c.IncludePRI, c.IncludeSystemName = format, t.format, pri, system
						})
					})
				}
			}
		}
	}
})

func expectLines(pattern string, configure func(*console.Configuration)) {
	GinkgoHelper()
	InLab(func(lab *simulator.Lab) {
		lab.CAS.Tenant().AddActivities(20, fakecas.Spread{Ago: time.Hour})
		config := console.DefaultConfiguration()
		config.Remote = simulator.Receiver(console.TCP)
		configure(&config)
		Expect(lab.ConfigureAgent(theAgent, config, agent.Settings{})).To(Succeed())
		Expect(lab.StartAgent(theAgent, simulator.AgentStart{})).To(Succeed())
		lab.Advance(time.Minute)
		Expect(lab.Syslog.Lines()).To(HaveLen(20))
		Expect(lab.Syslog.Lines()).To(HaveEach(MatchRegexp(pattern)))
		Expect(lab.Check("no-loss", "no-duplicates", "well-formed")).To(Succeed())
	})
}
