package foreign_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"siemdrill/scenarios/foreign"
	"siemdrill/simulator"
)

// suite is what bubbles are made from, and scripts played with.
var suite *testing.T

func TestForeign(t *testing.T) {
	suite = t
	RegisterFailHandler(Fail)
	RunSpecs(t, "siemdrill with agents of other people")
}

// A few are played each time: all of it takes a quarter of an hour of real time,
// and "make foreign" does it.
var few = map[string][]string{
	"rsyslog":           {"stall-then-reset"},
	"rsyslog:durable":   {"stopped-with-a-backlog"},
	"syslog-ng:durable": {"reset", "killed-with-a-backlog", "moved"},
	"agent.sh":          {"steady"},
	"siem-agent":        {"reset"},
}

var _ = Describe("in the face of", func() {
	for _, row := range foreign.Table {
		for i, agent := range foreign.Agents {
			if os.Getenv("SIEMDRILL_NIGHTLY") == "" && !slices.Contains(few[agent], row.Script) {
				continue
			}
			It(row.Script+", "+agent+" loses "+row.Loses[i].String(), Label(agent), func() {
				found, result := play(row.Script, agent)
				Expect(found&row.Loses[i]).NotTo(BeZero(), "expected to be lost: %s; found: %s\n%s", row.Loses[i], found, result.Reason)
			})
		}
	}
})

// play plays a script with an agent and says what was lost.
func play(script, agent string) (foreign.Verdict, simulator.Result) {
	GinkgoHelper()
	data, err := foreign.Scripts.ReadFile(script + ".txtar")
	Expect(err).NotTo(HaveOccurred())
	parsed, err := simulator.ParseScript("scenarios/foreign/"+script+".txtar", data)
	Expect(err).NotTo(HaveOccurred())
	runner, options := simulator.OnProcesses, simulator.Options{Seed: 1}
	if agent != "siem-agent" {
		options.Agent = []string{agent}
		if agent == "agent.sh" {
			options.Agent = []string{"bash", shellAgent()}
		}
		runner, err = simulator.RunnerOf(options.Agent)
		Expect(err).NotTo(HaveOccurred())
	}
	result, err := runner.Play(suite, parsed, options)
	Expect(err).NotTo(HaveOccurred())
	switch {
	case result.Verdict == simulator.Skipped && runner.Lacks(parsed) != "":
		return foreign.Apart, result
	case result.Verdict == simulator.Skipped:
		missing(result.Reason)
	case result.Verdict == simulator.Passed:
		return foreign.None, result
	}
	if n := len(result.Checks); n > 0 {
		switch last := result.Checks[n-1]; {
		case last.Name == "no-loss":
			return foreign.Some, result
		case last.Name == "assumptions" && strings.Contains(last.Detail, "hit nothing"):
			return foreign.Unmet, result
		}
	}
	Fail("it failed by something else than what was lost:\n" + result.Reason)
	return 0, result
}

// shellAgent is the path of the agent in shell, where what it needs is there.
func shellAgent() string {
	for _, tool := range []string{"bash", "curl", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			missing(tool + " is not installed, and agent.sh needs it")
		}
	}
	path, err := filepath.Abs("agent.sh")
	Expect(err).NotTo(HaveOccurred())
	return path
}

// missing skips a spec for want of something, unless SIEMDRILL_REQUIRE contains
// "peers".
func missing(what string) {
	GinkgoHelper()
	what = strings.TrimSpace(what)
	if strings.Contains(os.Getenv("SIEMDRILL_REQUIRE"), "peers") {
		Fail(what + ", and SIEMDRILL_REQUIRE has peers")
	}
	Skip(what)
}

// One line a spec where all of them play.
var _ = ReportAfterSuite("the verdicts", func(report Report) {
	if os.Getenv("SIEMDRILL_NIGHTLY") == "" {
		return
	}
	var lines []string
	for _, spec := range report.SpecReports {
		if spec.LeafNodeType == types.NodeTypeIt {
			lines = append(lines, fmt.Sprintf("%-70s %6.1f s  %s", spec.LeafNodeText, spec.RunTime.Seconds(), spec.State))
		}
	}
	slices.Sort(lines)
	fmt.Println(strings.Join(lines, "\n"))
})
