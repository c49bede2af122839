package main_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// program is the command, built once: it can't run inside of a test, since it
// makes its own bubble.
var program string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		directory, err := os.MkdirTemp("", "siemdrill-simulator-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(directory)
		program = filepath.Join(directory, "simulator")
		if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
			panic(string(out))
		}
		return m.Run()
	}())
}

// call runs the command in an empty folder with the given files.
func call(t *testing.T, files map[string]string, args ...string) (status int, out, errOut string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Dir = t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(cmd.Dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil && cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

const smallest = "# Activities arrive\n\ncas activities 40\nagent start\nadvance 1m\nsyslog lines 40\n-- agent.json --\n{}\n"

func TestRunAFileOfOnesOwn(t *testing.T) {
	g := NewWithT(t)
	status, out, errOut := call(t, map[string]string{"mine.txtar": smallest}, "run", "mine.txtar")
	g.Expect(errOut).To(BeEmpty())
	g.Expect(out).To(MatchRegexp(`(?m)^mine +Activities arrive +0h01m00s +\d+ ms  passed$`))
	g.Expect(out).To(ContainSubstring("1 scenarios: 1 passed, 0 failed, 0 skipped; 0h01m00s of virtual time in "))
	g.Expect(status).To(Equal(0))
}

func TestRunFromTheCatalogueAsJSON(t *testing.T) {
	g := NewWithT(t)
	status, out, _ := call(t, nil, "run", "-json", "-seed", "7", "connected", "invalid-token")
	g.Expect(status).To(Equal(0))
	var ids []string
	for line := range strings.Lines(out) {
		var r struct {
			V                   int
			ID, Runner, Verdict string
			Seed                uint64
			Checks              []struct{ Name, Verdict string }
		}
		g.Expect(json.Unmarshal([]byte(line), &r)).To(Succeed())
		g.Expect(r.V).To(Equal(1))
		g.Expect(r.Runner).To(Equal("bubble"))
		g.Expect(r.Verdict).To(Equal("passed"))
		g.Expect(r.Seed).To(BeEquivalentTo(7))
		g.Expect(r.Checks).NotTo(BeEmpty())
		ids = append(ids, r.ID)
	}
	g.Expect(ids).To(Equal([]string{"connected", "invalid-token"}))
}

func TestAScenarioThatFails(t *testing.T) {
	g := NewWithT(t)
	text := strings.Replace(smallest, "lines 40", "lines 41", 1)
	status, out, errOut := call(t, map[string]string{"mine.txtar": text}, "run", "mine.txtar")
	g.Expect(status).To(Equal(1))
	g.Expect(errOut).To(BeEmpty())
	g.Expect(out).To(ContainSubstring("  wanted:  syslog lines 41 (mine.txtar:6)\n  found:   lines of 40 records have arrived\n  before:\n"))
	g.Expect(out).To(ContainSubstring("1 scenarios: 0 passed, 1 failed, 0 skipped"))
}

func TestTheHistoryIsWritten(t *testing.T) {
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "history.jsonl")
	status, _, _ := call(t, nil, "run", "-history", path, "connected")
	g.Expect(status).To(Equal(0))
	data, err := os.ReadFile(path)
	g.Expect(err).NotTo(HaveOccurred())
	sources := map[string]int{}
	for line := range strings.Lines(string(data)) {
		var e struct {
			V      int
			Source string
		}
		g.Expect(json.Unmarshal([]byte(line), &e)).To(Succeed())
		g.Expect(e.V).To(Equal(1))
		sources[e.Source]++
	}
	for _, source := range []string{"cas", "syslog", "agent", "network", "script", "checker"} {
		g.Expect(sources).To(HaveKey(source))
	}
}

// What a tired person would type wrong: one line, status 2, no stack trace.
func TestBadCalls(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		args  []string
		wants string
	}{
		{"nothing", nil, nil, "simulator: expected a command: run, serve, explain, draft, list or help (simulator help says more)\n"},
		{"an unknown command", nil, []string{"play"}, "simulator: unknown command \"play\": expected run, serve, explain, draft, list or help (simulator help says more)\n"},
		{"run what?", nil, []string{"run"}, "simulator: run: expected a scenario: a file, or an id that simulator list shows\n"},
		{"no such file", nil, []string{"run", "nope.txtar"}, "simulator: nope.txtar: no such file, and no scenario of the catalogue (simulator list shows them)\n"},
		{"a folder", nil, []string{"run", "."}, "simulator: read .: is a directory\n"},
		{"a foreign agent that isn't named", nil, []string{"run", "-runner", "foreign", "connected"},
			"simulator: run: -runner foreign: expected -agent 'COMMAND ...', or -agent rsyslog or syslog-ng\n"},
		{"a foreign agent in a container", nil, []string{"run", "-runner", "container", "-agent", "x", "connected"},
			"simulator: run: -agent: not with -runner container\n"},
		{"a forwarder's configuration that there isn't", nil, []string{"run", "-agent", "rsyslog:fast", "connected"},
			"simulator: run: rsyslog has no configuration \"fast\": expected one of: default, tuned, durable\n"},
		{"a foreign agent that isn't there", nil, []string{"run", "-agent", "nosuch {token}", "connected"},
			"simulator: run: -agent: expected rsyslog, syslog-ng or a command that is there: exec: \"nosuch\""},
		{"an unknown flag", nil, []string{"run", "-fast", "connected"}, "simulator: run: flag provided but not defined: -fast (usage: simulator run ["},
		{"a mistake in the file", map[string]string{"mine.txtar": "# t\nadvance 1x\n"}, []string{"run", "mine.txtar"},
			"simulator: mine.txtar:2: advance 1x: \"1x\" is no duration: expected one such as 90s, 10m or 2h30m (usage: DURATION [-real DURATION] [-until arrived|hit] | -to INSTANT)\n"},
		{"an unknown fault", map[string]string{"mine.txtar": "# t\nsyslog fault explode\n"}, []string{"run", "mine.txtar"}, `unknown fault "explode"`},
		{"an empty file", map[string]string{"mine.txtar": ""}, []string{"run", "mine.txtar"},
			"simulator: mine.txtar:1: expected a comment: the scenario's title\n"},
		{"a mistake in the second file", map[string]string{"good.txtar": smallest, "bad.txtar": "# t\nportal dance\n"}, []string{"run", "good.txtar", "bad.txtar"},
			"simulator: bad.txtar:2: portal dance: unknown action"},
		{"help for what?", nil, []string{"help", "dance"}, `simulator: unknown command "dance": expected one of: `},
		{"a history that can't be written", nil, []string{"run", "-history", "no/such/folder", "connected"}, "simulator: run: open no/such/folder: no such file or directory\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			status, out, errOut := call(t, c.files, c.args...)
			g.Expect(errOut).To(ContainSubstring(c.wants))
			g.Expect(strings.Count(errOut, "\n")).To(Equal(1))
			g.Expect(out).To(BeEmpty())
			g.Expect(status).To(Equal(2))
		})
	}
}

// A script that would never end in real time is ended, and says where it was.
func TestTheWatchdog(t *testing.T) {
	g := NewWithT(t)
	text := strings.Replace(smallest, "advance 1m", "advance 100000h", 1)
	status, _, errOut := call(t, map[string]string{"mine.txtar": text}, "run", "-wall", "500ms", "mine.txtar")
	g.Expect(errOut).To(Equal("simulator: mine.txtar: still at \"advance 100000h\" after 500ms of real time (-wall)\n"))
	g.Expect(status).To(Equal(1))
}

func TestListAndHelp(t *testing.T) {
	g := NewWithT(t)
	_, out, _ := call(t, nil, "list")
	g.Expect(out).To(MatchRegexp(`(?m)^data-server-connection-error +The syslog server refuses`))
	_, out, _ = call(t, nil, "list", "-json")
	g.Expect(strings.Split(out, "\n")).To(ContainElement(MatchJSON(
		`{"v":1,"id":"connected","title":"Created, then Connected: two days of backlog arrive, then everything that is new","file":"scenarios/connected.txtar","shows":["status-created","status-connected"],"faults":["F22"]}`)))
	_, out, _ = call(t, nil, "help")
	for _, command := range []string{"advance", "agent", "cas", "check", "network", "portal", "syslog"} {
		g.Expect(out).To(MatchRegexp(`(?m)^` + command + ` `))
	}
	g.Expect(out).To(ContainSubstring("Asserts the status that"))
}
