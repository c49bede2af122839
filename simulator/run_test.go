package simulator

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
)

const failing = `# Something fails

# The first part
# of two lines
cas activities 3
agent start
advance 1m

# The second
syslog lines 3
! syslog lines 3
advance 1m
# The third
syslog lines 3
-- agent.json --
{}
`

func playedRun(t *testing.T, file, text string) Run {
	t.Helper()
	s, err := ParseScript(file, []byte(text))
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	var run Run
	_, err = RunInBubble(t, s, Options{Seed: 3, Run: &run})
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	return run
}

func TestARunHasWhatWasSeen(t *testing.T) {
	g := NewWithT(t)
	run := playedRun(t, "mine.txtar", failing)
	g.Expect(run.Result.Verdict).To(Equal(Failed))
	g.Expect(run.Result.WallS).To(BeNumerically(">", 0))
	g.Expect(run.Line).To(Equal(11))
	g.Expect(run.Evidence.Ledger).To(HaveLen(3))
	g.Expect(run.Places).To(HaveLen(3))
	g.Expect(run.Lines).To(HaveLen(3))
	g.Expect(run.Evidence.Now.Sub(run.Start)).To(Equal(time.Minute))
	g.Expect(run.Repeat()).To(Equal("go run ./simulator/cmd/simulator run -seed 3 mine.txtar"))
}

func TestPhasesOfARun(t *testing.T) {
	g := NewWithT(t)
	phases := playedRun(t, "mine.txtar", failing).Phases()
	var text []string
	var verdicts []Verdict
	for _, p := range phases {
		text, verdicts = append(text, p.Text), append(verdicts, p.Verdict)
	}
	g.Expect(text).To(Equal([]string{"The first part of two lines", "The second", "The third"}))
	g.Expect(verdicts).To(Equal([]Verdict{Passed, Failed, NotReached}))
	g.Expect(phases[1].From).To(BeTemporally("==", labStart.Add(time.Minute)))
	var lines []int
	verdicts = nil
	for _, c := range phases[1].Commands {
		lines, verdicts = append(lines, c.Line), append(verdicts, c.Verdict)
	}
	g.Expect(lines).To(Equal([]int{10, 11, 12}))
	g.Expect(verdicts).To(Equal([]Verdict{Passed, Failed, NotReached}))
	g.Expect(phases[1].Commands[1].Text).To(Equal("! syslog lines 3"))
	g.Expect(phases[1].Commands[2].At).To(BeZero())
	g.Expect(phases[2].From).To(BeZero())
}

func TestRepeatIsQuotedForAShell(t *testing.T) {
	for file, quoted := range map[string]string{
		"scenarios/connected.txtar": "scenarios/connected.txtar",
		"my file.txtar":             "'my file.txtar'",
		"it's.txtar":                `'it'\''s.txtar'`,
		"$(rm).txtar":               "'$(rm).txtar'",
		"-seed.txtar":               "'./-seed.txtar'",
	} {
		NewWithT(t).Expect(shellQuote(file)).To(Equal(quoted))
	}
}

func TestHoldsAreSeenFromOutside(t *testing.T) {
	g := NewWithT(t)
	run := Run{Evidence: Evidence{
		Events:        []Event{contact(5), pull(8), contact(20), accepted(30), pull(40)},
		Notifications: append(raised(10, console.DataServerSendError), raised(15, "siem-agent-error")...),
		Now:           at(60),
	}}
	g.Expect(run.Holds()).To(Equal([]Hold{{"data-server-send-error", at(10), at(30), false}}))
}

func TestAccount(t *testing.T) {
	g := NewWithT(t)
	a := Evidence{
		Events: []Event{contact(0), line(10, "a"), line(11, "a"), line(12, "stranger")},
		Ledger: []Entry{activity(-200_000, "old"), activity(0, "a"), activity(1, "lost"), activity(990, "young")},
		Now:    at(1000),
	}.Account()
	g.Expect(a).To(Equal(Account{Arrived: 1, Lost: []Entry{activity(1, "lost")}, Young: 1, NotDue: 1,
		Again: []string{"a"}, Unexpected: []string{"stranger"}}))
	g.Expect(a.Due()).To(Equal(2))
}

// A paused agent would hear only later that it should stop.
func TestAPausedAgentIsNotStopped(t *testing.T) {
	g := NewWithT(t)
	run := playedRun(t, "mine.txtar", `# Nothing more is asked of it
agent start
advance 1m
agent pause
agent stop
-- agent.json --
{}
`)
	g.Expect(run.Result.Verdict).To(Equal(Failed))
	g.Expect(run.Result.Reason).To(ContainSubstring(`the agent "agent" is paused: resume or kill it`))
}
