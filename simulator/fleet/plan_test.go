package fleet

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestPlan(t *testing.T) {
	for _, length := range []time.Duration{shortestRound, 24 * time.Hour, 47 * time.Hour, 72 * time.Hour} {
		g := NewWithT(t)
		s := Settings{Agents: 100, For: length, Seed: 7}
		rounds := max(1, int(length.Hours())/24)
		begun := map[time.Time]bool{}
		kinds := map[Kind]int{}
		for n := range s.Agents {
			p := s.plan(n, nine)
			g.Expect(p).To(Equal(s.plan(n, nine)), "it follows from the seed")
			g.Expect(p.Outages).To(HaveLen(rounds))
			before := nine.Add(p.Start)
			for _, o := range p.Outages {
				g.Expect(o.From.Sub(before)).To(BeNumerically(">=", there-startWithin))
				g.Expect(o.To.Sub(o.From)).To(And(BeNumerically(">=", leastAway), BeNumerically("<", mostAway)))
				before = o.To
				begun[o.From] = true
				kinds[o.Kind]++
			}
			g.Expect(nine.Add(length).Sub(before)).To(BeNumerically(">=", there))
		}
		g.Expect(begun).To(HaveLen(s.Agents*rounds), "each at a moment of its own")
		g.Expect(kinds).To(HaveLen(3))
		for _, n := range kinds {
			g.Expect(n).To(BeNumerically("~", s.Agents*rounds/3, 2))
		}
	}
	g := NewWithT(t)
	one, other := Settings{Agents: 2, For: round, Seed: 1}, Settings{Agents: 2, For: round, Seed: 2}
	g.Expect(one.plan(0, nine)).NotTo(Equal(other.plan(0, nine)))
	shared := Settings{Agents: 10, For: round, Shared: true}
	for n := range shared.Agents {
		g.Expect(shared.plan(n, nine).Outages[0].Kind).NotTo(Equal(ServiceAway), "it would be away for all of them")
	}
}

func TestSettings(t *testing.T) {
	good := Settings{Agents: 1, For: shortestRound}
	NewWithT(t).Expect(good.Validate()).To(Succeed())
	for expected, change := range map[string]func(*Settings){
		"agents: 0:":     func(s *Settings) { s.Agents = 0 },
		"agents: 10001:": func(s *Settings) { s.Agents = mostAgents + 1 },
		"for: 14h":       func(s *Settings) { s.For = shortestRound - time.Second },
		"every: -1s:":    func(s *Settings) { s.Every = -time.Second },
	} {
		bad := good
		change(&bad)
		NewWithT(t).Expect(bad.Validate()).To(MatchError(HavePrefix(expected)))
	}
}

func TestAddresses(t *testing.T) {
	g := NewWithT(t)
	g.Expect(after(firstAgent, 0)).To(Equal("10.0.0.1"))
	g.Expect(after(firstAgent, 999)).To(Equal("10.0.3.232"))
	g.Expect(after(firstService, mostAgents)).To(Equal("198.18.39.17"))
}
