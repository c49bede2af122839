package fleet

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/simulator"
)

// Each agent of a day is Connected, Connection error, Disconnected and
// Connected again, as the rule says and to the second, and loses nothing.
func TestFleet(t *testing.T) {
	for name, s := range map[string]Settings{
		"a tenant each":        {Agents: 10, For: 24 * time.Hour, Seed: 1},
		"two days":             {Agents: 3, For: 48 * time.Hour, Seed: 2},
		"a tenant together":    {Agents: 5, For: 15 * time.Hour, Seed: 3, Shared: true},
		"without its throttle": {Agents: 10, For: 15 * time.Hour, Seed: 4, Shared: true, Free: true},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var hours []Progress
			r, err := Run(t, s, func(p Progress) { hours = append(hours, p) })
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(r.Failures).To(BeEmpty())
			g.Expect(r.Wrong).To(BeZero())
			outages := s.Agents * max(1, int(s.For/round))
			g.Expect(r.Changes).To(Equal(s.Agents + 3*outages))
			g.Expect(r.Looks).To(Equal(7 * outages))
			g.Expect(r.Contacts).To(BeNumerically("~", float64(s.Agents)*s.For.Minutes()-float64(outages)*(12*60+35), 26*float64(outages)))
			g.Expect(r.Records).To(BeNumerically(">=", s.Agents*int(s.For/defaultEvery)))
			g.Expect(r.Missing).To(BeZero())
			g.Expect(hours).To(HaveLen(int(s.For.Hours())))
			g.Expect(hours[1].Over).To(Equal(2 * time.Hour))
			g.Expect(r.Heap).To(BeNumerically(">", 0))
		})
	}
}

// More agents than a tenant's throttle has room for: what did not arrive is
// told, and the statuses are right nevertheless.
func TestMoreThanTheThrottleHasRoomFor(t *testing.T) {
	g := NewWithT(t)
	r, err := Run(t, Settings{Agents: 9, For: 15 * time.Hour, Seed: 1, Shared: true}, nil)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(r.Throttled).To(BeNumerically(">", 0))
	g.Expect(r.Missing).To(BeNumerically(">", 0))
	g.Expect(r.Failures).NotTo(BeEmpty())
	g.Expect(r.Failures).To(HaveEach(ContainSubstring("records have not arrived")))
}

// A fleet whose world differs from what its judges know fails, and the failure
// says where.
func TestFleetThatIsNotAsItShouldBe(t *testing.T) {
	const victim = "agent-0001: "
	for name, c := range map[string]struct {
		tamper   func(f *fleet, m *member)
		expected []string
	}{
		"an outage that nobody planned": {func(_ *fleet, m *member) { m.timetable.outages = nil }, []string{"no contact from "}},
		"an agent that stays away": {func(_ *fleet, m *member) {
			m.plan.Outages = slices.Clone(m.plan.Outages) // the timetable has the others
			m.plan.Outages[0].To = m.plan.Outages[0].To.Add(2 * time.Minute)
		}, []string{"no contact from "}},
		"contacts that are not seen": {func(f *fleet, m *member) { delete(f.byID, m.id) },
			[]string{"with its last contact never, the portal showed Connected, expected Created"}},
		"lines of which none arrives": {func(f *fleet, m *member) { f.receiver.Hook = nil }, []string{"records have not arrived"}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var r Result
			var err error
			simulator.Bubble(t, func() {
				f := &fleet{Settings: Settings{Agents: 2, For: 15 * time.Hour, Seed: 1}}
				if err = f.open(); err == nil {
					c.tamper(f, f.members[1])
					err = f.play(func(time.Duration) {})
				}
				f.finish(&r)
				err = errors.Join(err, f.close())
			})
			g.Expect(err).NotTo(HaveOccurred())
			for _, what := range c.expected {
				g.Expect(r.Failures).To(ContainElement(And(HavePrefix(victim), ContainSubstring(what))))
			}
		})
	}
}

func TestResult(t *testing.T) {
	g := NewWithT(t)
	r := Result{V: 1, Agents: 10, Seed: 7, Virtual: 86400, Requests: 34000, Contacts: 6800, Changes: 40, Looks: 70, Records: 1450,
		Wall: 2.5, CPU: 3.4, Heap: 10 << 20, RSS: 40 << 20}
	var out bytes.Buffer
	g.Expect(r.Write(&out)).To(Succeed())
	g.Expect(out.String()).To(And(
		ContainSubstring("10, each with a tenant of its own, for 24h0m0s of virtual time (seed 7)"),
		ContainSubstring("1450 due, 0 did not arrive"),
		ContainSubstring("at most 10 MiB in use, 40 MiB resident"),
		Not(ContainSubstring("FAILED"))))
	bad := r
	bad.Agents, bad.Wrong = 100, 1
	bad.fail("agent-0001: late")
	out.Reset()
	g.Expect(bad.Write(&out)).To(Succeed())
	g.Expect(out.String()).To(ContainSubstring("FAILED: agent-0001: late\nFAILED: something was wrong with 1 of 100 agents\n"))
	out.Reset()
	g.Expect(WriteGrowth(&out, []Result{r, bad})).To(Succeed())
	g.Expect(out.String()).To(MatchRegexp(`(?m)^ *10 +34000 +2\.5 +3\.4 +100 +10 +1024 +40 +4096 +110 +0 +passed$`))
	g.Expect(out.String()).To(MatchRegexp(`(?m)^ *100 .* FAILED$`))
	text, err := json.Marshal(r)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(text).To(ContainSubstring(`"virtual_s":86400`))
	for range 30 {
		bad.fail("more")
	}
	g.Expect(bad.Failures).To(HaveLen(mostFailures))
}
