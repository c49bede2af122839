package scenarios_test

import (
	"cmp"
	"encoding/json"
	"os"
	"slices"
	"testing"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"siemdrill/agent"
	"siemdrill/agent/console"
	"siemdrill/simulator"
)

// suite is what bubbles are made from.
var suite *testing.T

// runner is what the scripts are played with: the bubble's, or the one that the
// environment's SIEMDRILL_RUNNER names.
var runner simulator.Runner

func TestScenarios(t *testing.T) {
	suite = t
	RegisterFailHandler(Fail)
	var err error
	if runner, err = simulator.ParseRunner(os.Getenv("SIEMDRILL_RUNNER")); err != nil {
		t.Fatalf("SIEMDRILL_RUNNER: %v", err)
	}
	RunSpecs(t, "siemdrill scenarios")
}

// seed is of every random choice in the Labs; Ginkgo prints it, and takes it
// back with -ginkgo.seed.
func seed() uint64 { return uint64(GinkgoRandomSeed()) }

var _ = AfterSuite(func() { Expect(simulator.RemoveBinary()).To(Succeed()) })

// InLab runs f in a bubble, with a Lab in which nothing has happened yet.
func InLab(f func(lab *simulator.Lab)) {
	GinkgoHelper()
	if runner != simulator.InBubble {
		Skip("it is written for the bubble")
	}
	simulator.Bubble(suite, func() {
		defer GinkgoRecover()
		lab, err := simulator.NewLab(seed())
		Expect(err).NotTo(HaveOccurred())
		defer func() { Expect(lab.Close()).To(Succeed()) }()
		f(lab)
	})
}

// theAgent is the name of the agent in Labs that have one.
const theAgent = "agent"

// addAgent adds an agent with the default configuration in the portal.
func addAgent(lab *simulator.Lab) {
	GinkgoHelper()
	config := console.DefaultConfiguration()
	config.Remote = simulator.Receiver(console.TCP)
	Expect(lab.ConfigureAgent(theAgent, config, agent.Settings{})).To(Succeed())
}

// startAgent adds an agent with the default configuration and starts it.
func startAgent(lab *simulator.Lab) {
	GinkgoHelper()
	addAgent(lab)
	Expect(lab.StartAgent(theAgent, simulator.AgentStart{})).To(Succeed())
}

// One line a scenario, and a total, after everything else.
var _ = ReportAfterSuite("the catalogue", func(report Report) {
	var results []simulator.Result
	for _, spec := range report.SpecReports {
		for _, entry := range spec.ReportEntries {
			if entry.Name == resultEntry {
				results = append(results, resultOf(entry))
			}
		}
	}
	slices.SortFunc(results, func(a, b simulator.Result) int { return cmp.Compare(a.ID, b.ID) })
	if len(results) == 0 {
		return
	}
	table := simulator.Report{W: os.Stdout}
	os.Stdout.WriteString("\n")
	for _, r := range results {
		table.Add(r)
	}
	table.Total()
})

// resultOf reads an entry, which was made in this process or, with ginkgo -p,
// in another one.
func resultOf(entry types.ReportEntry) simulator.Result {
	if r, ok := entry.GetRawValue().(simulator.Result); ok {
		return r
	}
	var r simulator.Result
	if err := json.Unmarshal([]byte(entry.Value.AsJSON), &r); err != nil {
		panic(err) // written by Play
	}
	return r
}
