package containers_test

import (
	"cmp"
	"embed"
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/ginkgo/v2"
	"github.com/onsi/ginkgo/v2/types"
	. "github.com/onsi/gomega"

	"siemdrill/scenarios"
	"siemdrill/simulator"
	"siemdrill/simulator/container"
)

//go:embed *.txtar
var scripts embed.FS

// suite is what bubbles are made from, and scripts played with.
var suite *testing.T

// machines are made of images that the first process of the suite makes and gives
// to the others.
var machines *container.Series

func TestMain(m *testing.M) {
	container.Watch()
	os.Exit(m.Run())
}

// Nobody who tests everything waits for minutes, so it has to be asked for.
func TestContainers(t *testing.T) {
	if os.Getenv("SIEMDRILL_RUNNER") != string(simulator.InContainers) {
		t.Skip("scripts in containers take minutes: make containers plays them")
	}
	suite = t
	RegisterFailHandler(Fail)
	RunSpecs(t, "siemdrill in containers")
}

// Where the bubble can play a script, which takes no time, its verdict is the
// same.
func TestTheBubbleSaysTheSame(t *testing.T) {
	files, err := scripts.ReadDir(".")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	for _, file := range files {
		t.Run(file.Name(), func(t *testing.T) {
			RegisterTestingT(t)
			result, err := simulator.InBubble.Play(t, own(file.Name()), simulator.Options{Seed: 1})
			Expect(err).NotTo(HaveOccurred())
			Expect(result.Verdict).NotTo(Equal(simulator.Failed), result.Reason)
			if result.Verdict == simulator.Skipped {
				t.Skip(result.Reason)
			}
		})
	}
}

// loading is how long building and loading the images may take, and playing how
// long one script.
const (
	loading = 10 * time.Minute
	playing = 10 * time.Minute
)

var _ = SynchronizedBeforeSuite(func(SpecContext) []byte {
	tags, err := new(container.Images).Load()
	if errors.Is(err, simulator.ErrNoMachines) {
		Skip(err.Error())
	}
	Expect(err).NotTo(HaveOccurred())
	text, err := json.Marshal(tags)
	Expect(err).NotTo(HaveOccurred())
	return text
}, func(_ SpecContext, text []byte) {
	var tags map[string]string
	Expect(json.Unmarshal(text, &tags)).To(Succeed())
	machines = container.NewSeries(container.Loaded(tags))
}, NodeTimeout(loading))

var _ = AfterSuite(func() {
	if machines != nil {
		Expect(machines.Close()).To(Succeed())
	}
})

// entry names the report entries that carry a Result.
const entry = "scenario"

// ofTheNetwork are the scripts of the catalogue in which something happens to the
// network or to one of its ends, by the beginning of their names.
// SIEMDRILL_NIGHTLY plays the others as well.
var ofTheNetwork = []string{
	"agent-frozen", "agent-killed", "api-service-resets", "connected", "copying-balancer", "data-server-", "firewall-drops-", "idle-connection-",
	"invalid-proxy-", "proxy-down", "receiver-", "service-moved", "siem-server-moved", "status-after-black-hole", "status-connection-error",
	"status-disconnected", "syslog-over-tls", "udp",
}

// longest take minutes, so they are begun first.
var longest = []string{"status-after-black-hole.txtar", "status-after-refusal.txtar", "status-after-server-errors.txtar", "status-disconnected.txtar"}

func inOrder(files []string) []string {
	return append(slices.Clone(longest), slices.DeleteFunc(slices.Clone(files), func(f string) bool { return slices.Contains(longest, f) })...)
}

var _ = Describe("containers", Label("container"), func() {
	for _, file := range inOrder(scenarios.Files()) {
		network := slices.ContainsFunc(ofTheNetwork, func(begin string) bool { return strings.HasPrefix(file, begin) })
		switch {
		case network:
			It("play the catalogue's "+file, Label("network"), func(SpecContext) { play(ofTheCatalogue(file)) }, SpecTimeout(playing))
		case os.Getenv("SIEMDRILL_NIGHTLY") != "":
			It("play the catalogue's "+file, func(SpecContext) { play(ofTheCatalogue(file)) }, SpecTimeout(playing))
		}
	}
	files, err := scripts.ReadDir(".")
	if err != nil {
		panic(err) // it is embedded
	}
	for _, file := range files {
		It("play "+file.Name(), Label("network"), func(SpecContext) { play(own(file.Name())) }, SpecTimeout(playing))
	}
})

// own is a script of this folder.
func own(name string) *simulator.Script {
	GinkgoHelper()
	data, err := scripts.ReadFile(name)
	Expect(err).NotTo(HaveOccurred())
	return parse("scenarios/containers/"+name, data)
}

func ofTheCatalogue(name string) *simulator.Script {
	GinkgoHelper()
	data, there := scenarios.File(name)
	Expect(there).To(BeTrue(), name)
	return parse("scenarios/"+name, data)
}

func parse(name string, data []byte) *simulator.Script {
	GinkgoHelper()
	script, err := simulator.ParseScript(name, data)
	Expect(err).NotTo(HaveOccurred())
	return script
}

func play(script *simulator.Script) {
	GinkgoHelper()
	result, err := simulator.InContainers.Play(suite, script, simulator.Options{
		Seed:     uint64(GinkgoRandomSeed()),
		Machines: nextMachines,
	})
	Expect(err).NotTo(HaveOccurred())
	AddReportEntry(entry, result, ReportEntryVisibilityNever)
	switch result.Verdict {
	case simulator.Failed:
		Fail("\n" + result.Reason)
	case simulator.Skipped:
		Skip(result.Reason)
	}
}

// nextMachines are those of the next script. The watchdog that is started with the
// first ones outlives the script, so it must not have the script's output.
func nextMachines() (simulator.Machines, error) {
	PauseOutputInterception()
	defer ResumeOutputInterception()
	return machines.Machines()
}

// resultOf reads an entry that was made in this process, or in another one.
func resultOf(e types.ReportEntry) simulator.Result {
	if r, ok := e.GetRawValue().(simulator.Result); ok {
		return r
	}
	var r simulator.Result
	if err := json.Unmarshal([]byte(e.Value.AsJSON), &r); err != nil {
		panic(err) // written by play
	}
	return r
}

// One line a script, and a total, after everything else.
var _ = ReportAfterSuite("the scripts", func(report Report) {
	var results []simulator.Result
	for _, spec := range report.SpecReports {
		for _, e := range spec.ReportEntries {
			if e.Name == entry {
				results = append(results, resultOf(e))
			}
		}
	}
	slices.SortFunc(results, func(a, b simulator.Result) int { return cmp.Compare(a.ID, b.ID) })
	table := simulator.Report{W: os.Stdout}
	for _, r := range results {
		table.Add(r)
	}
	if len(results) > 0 {
		table.Total()
	}
})
