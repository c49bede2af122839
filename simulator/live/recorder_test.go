package live

import (
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/simulator"
)

func recorded(t *testing.T) *Recorder {
	t.Helper()
	r := &Recorder{}
	r.Add(Line{Text: "agent start"})
	r.Pass(50*time.Second, 0)
	r.Pass(10*time.Second, 0)
	r.Add(Line{Text: "# It breaks", Asserts: true})
	r.Add(Line{Text: "syslog fault refuse"})
	r.Pass(90*time.Minute, 0)
	NewWithT(t).Expect(r.Add(Line{Text: "portal status Connected", Asserts: true, Verdict: simulator.Passed})).To(Equal(4))
	r.Pass(1500*time.Millisecond, 0)
	return r
}

func TestTheTimeBetweenLinesIsAdvance(t *testing.T) {
	g := NewWithT(t)
	text := recorded(t).Script("A  title\non two lines", Ending{Comments: []string{"Saved"}, Truths: []string{"agent running"}},
		map[string][]byte{"b.json": []byte("{}"), "agent.json": []byte("{}\n")})
	g.Expect(string(text)).To(Equal(`# A title on two lines

agent start
advance 1m

# It breaks
syslog fault refuse
advance 1h30m
portal status Connected
advance 1.5s

# Saved
agent running

-- agent.json --
{}
-- b.json --
{}
`))
	s, err := simulator.ParseScript("live.txtar", text)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Title).To(Equal("A title on two lines"))
	g.Expect(s.Files()).To(HaveKey("b.json"))
}

func TestOnlyWhatChangesNothingCanBeTakenOut(t *testing.T) {
	g := NewWithT(t)
	r := recorded(t)
	g.Expect(r.Remove(1)).To(MatchError("line 1, agent start, has changed the Lab: only an assertion or a comment can be taken out"))
	g.Expect(r.Remove(9)).To(MatchError("there is no line 9"))
	g.Expect(r.Remove(4)).To(Succeed())
	g.Expect(r.Remove(2)).To(Succeed())
	g.Expect(string(r.Script("T", Ending{}, nil))).To(Equal("# T\n\nagent start\nadvance 1m\nsyslog fault refuse\nadvance 1h30m1.5s\n\n"), "the time stays")
	g.Expect(r.Add(Line{Text: "agent stop"})).To(Equal(5), "a number is never given twice")
}

func TestTheFirstAssertionThatFailedIsTheVerdict(t *testing.T) {
	g := NewWithT(t)
	r := recorded(t)
	_, failed := r.Failed()
	g.Expect(failed).To(BeFalse())
	r.Add(Line{Text: "check no-loss", Asserts: true, Verdict: simulator.Failed, Found: "first"})
	r.Add(Line{Text: "check no-loss", Asserts: true, Verdict: simulator.Failed, Found: "second"})
	l, failed := r.Failed()
	g.Expect(failed).To(BeTrue())
	g.Expect(l.Found).To(Equal("first"))
}

func TestAnEmptyRecordingIsAScriptToo(t *testing.T) {
	g := NewWithT(t)
	var r Recorder
	r.Pass(time.Hour, 0)
	text := r.Script("T", Ending{}, nil)
	g.Expect(string(text)).To(Equal("# T\n\nadvance 1h\n\n"))
	_, err := simulator.ParseScript("t.txtar", text)
	g.Expect(err).NotTo(HaveOccurred())
}

func TestWhatStandsInTheNetwork(t *testing.T) {
	g := NewWithT(t)
	var lines []Line
	for _, text := range []string{"network cut agent syslog", "network cut syslog agent", "network name cas no-answer", "network name cas no-such-host",
		"network cut agent cas", "network mend cas agent", "network move syslog -stale 10m", "syslog fault refuse", "# network cut agent cas"} {
		lines = append(lines, Line{Text: text})
	}
	var left []string
	for _, d := range disturbances(lines) {
		left = append(left, d.Text+" | "+d.Heal)
	}
	g.Expect(left).To(Equal([]string{"cut syslog agent | network mend agent syslog", "name cas no-such-host | network name cas healed"}))
	lines = append(lines, Line{Text: "network name cas healed"}, Line{Text: "network mend agent syslog"})
	g.Expect(disturbances(lines)).To(BeEmpty())
}

func TestShortDurations(t *testing.T) {
	g := NewWithT(t)
	var all []string
	for _, d := range []time.Duration{0, 90 * time.Second, time.Hour, 13*time.Hour + 5*time.Minute, time.Hour + time.Second, 10 * time.Second, 100 * time.Hour} {
		all = append(all, short(d))
	}
	g.Expect(strings.Join(all, " ")).To(Equal("0s 1m30s 1h 13h5m 1h0m1s 10s 100h"))
}

// An agent that can't be told the time is given in a replay the real time that
// it had, unless that was as long as the Lab's.
func TestRealTimeIsGivenAgain(t *testing.T) {
	g := NewWithT(t)
	var r Recorder
	r.Pass(10*time.Minute, 1900*time.Millisecond)
	r.Add(Line{Text: "# Comment", Asserts: true})
	r.Pass(5*time.Second, 4900*time.Millisecond)
	r.Add(Line{Text: "agent stop"})
	r.Pass(time.Minute, 300*time.Millisecond)
	g.Expect(string(r.Script("T", Ending{}, nil))).To(ContainSubstring("\nadvance 10m -real 2s\n\n# Comment\nadvance 5s\nagent stop\nadvance 1m -real 1s\n"))
	g.Expect(r.Remove(1)).To(Succeed())
	g.Expect(string(r.Script("T", Ending{}, nil))).To(ContainSubstring("\nadvance 10m5s -real 7s\nagent stop\n"))
}
