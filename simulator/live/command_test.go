package live_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/simulator"
	"siemdrill/simulator/live"
)

// programs is the folder with the built commands, simulator and siem-agent: a
// Lab on real processes needs a process of its own.
var programs string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		var err error
		if programs, err = os.MkdirTemp("", "siemdrill-live-"); err != nil {
			panic(err)
		}
		defer os.RemoveAll(programs)
		for _, program := range []string{"siemdrill/simulator/cmd/simulator", "siemdrill/agent/cmd/siem-agent"} {
			build := exec.Command("go", "build", "-o", programs+"/", program)
			if strings.HasSuffix(program, "simulator") && raced() {
				build.Args = slices.Insert(build.Args, 2, "-race") // the Lab is there, and not in the test
			}
			if out, err := build.CombinedOutput(); err != nil {
				panic(string(out))
			}
		}
		return m.Run()
	}())
}

// raced says whether the race detector looks at this test.
func raced() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// served is a "simulator serve" that runs.
type served struct {
	*WithT
	t            *testing.T
	command      *exec.Cmd
	page, portal string // URLs
	said         map[string]string
	stderr       string // a file
}

// complained is what it has said on the standard error so far.
func (s *served) complained() string {
	text, err := os.ReadFile(s.stderr)
	s.Expect(err).NotTo(HaveOccurred())
	return string(text)
}

// serve starts "simulator serve" and returns once it says where it is.
func serve(t *testing.T, args ...string) *served {
	t.Helper()
	s := &served{WithT: NewWithT(t), t: t, said: map[string]string{}}
	s.command = exec.Command(filepath.Join(programs, "simulator"), append([]string{"serve", "-listen", "127.0.0.1:0"}, args...)...)
	s.command.Dir = t.TempDir()
	s.stderr = filepath.Join(t.TempDir(), "stderr")
	stderr, err := os.Create(s.stderr)
	s.Expect(err).NotTo(HaveOccurred())
	defer stderr.Close()
	s.command.Stderr = stderr
	out, err := s.command.StdoutPipe()
	s.Expect(err).NotTo(HaveOccurred())
	s.Expect(s.command.Start()).To(Succeed())
	t.Cleanup(func() {
		if s.command.ProcessState == nil { // the test has failed
			s.ends()
		}
	})
	lines := bufio.NewScanner(out)
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Ctrl-C") {
		name, value, _ := strings.Cut(lines.Text(), ":")
		s.said[name] = strings.TrimSpace(value)
	}
	s.page, s.portal = s.said["page"], s.said["portal"]
	s.Expect(s.page).To(HavePrefix("http://127.0.0.1:"), s.complained())
	return s
}

// asks sends a request and returns the answer's status and body.
func (s *served) asks(method, path string, body any) (status int, answer []byte) {
	s.t.Helper()
	text, err := json.Marshal(body)
	s.Expect(err).NotTo(HaveOccurred())
	request, err := http.NewRequest(method, s.page+path, bytes.NewReader(text))
	s.Expect(err).NotTo(HaveOccurred())
	status, said := s.sends(request)
	return status, []byte(said)
}

// sends sends a request, and follows no redirection.
func (s *served) sends(request *http.Request) (status int, answer string) {
	s.t.Helper()
	response, err := http.DefaultTransport.RoundTrip(request)
	s.Expect(err).NotTo(HaveOccurred())
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	s.Expect(err).NotTo(HaveOccurred())
	return response.StatusCode, string(text)
}

func (s *served) gets(url string) (status int, answer string) {
	s.t.Helper()
	request, err := http.NewRequest("GET", url, nil)
	s.Expect(err).NotTo(HaveOccurred())
	return s.sends(request)
}

// plays plays commands that can be done, and returns what came of the last.
func (s *served) plays(commands ...string) (last live.Answer) {
	s.t.Helper()
	for _, c := range commands {
		status, answer := s.asks("POST", "v1/command", map[string]any{"command": c})
		s.Expect(status).To(Equal(http.StatusOK), "%s: %s", c, answer)
		s.Expect(json.Unmarshal(answer, &last)).To(Succeed())
	}
	return last
}

func (s *served) state() (st live.State) {
	s.t.Helper()
	_, answer := s.asks("GET", "v1/state", nil)
	s.Expect(json.Unmarshal(answer, &st)).To(Succeed())
	return st
}

// opened waits until the opening was played.
func (s *served) opened() live.State {
	s.t.Helper()
	s.Eventually(func() string { return s.state().Clock.Opening }, "20s", "20ms").Should(BeEmpty())
	return s.state()
}

// saved is the script as it would be saved now.
func (s *served) saved() string {
	s.t.Helper()
	status, text := s.asks("GET", "v1/script", nil)
	s.Expect(status).To(Equal(http.StatusOK))
	return string(text)
}

// ends interrupts it, as Ctrl-C does, and returns its exit status.
func (s *served) ends() int {
	s.t.Helper()
	s.command.Process.Signal(os.Interrupt)
	timer := time.AfterFunc(30*time.Second, func() { s.command.Process.Kill() })
	defer timer.Stop()
	s.command.Wait()
	return s.command.ProcessState.ExitCode()
}

// replays plays a script in the bubble.
func replays(t *testing.T, script string) simulator.Result {
	t.Helper()
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "live.txtar")
	g.Expect(os.WriteFile(file, []byte(script), 0o600)).To(Succeed())
	out, err := exec.Command(filepath.Join(programs, "simulator"), "run", "-json", file).Output()
	var exit *exec.ExitError
	if err != nil {
		g.Expect(err).To(BeAssignableToTypeOf(exit))
	}
	var result simulator.Result
	g.Expect(json.Unmarshal(out, &result)).To(Succeed(), "%s\n%s", out, script)
	return result
}

// What was clicked, with what was true then, plays again in the bubble and
// passes.
func TestWhatWasPlayedPlaysAgain(t *testing.T) {
	s := serve(t, "-paused")
	s.opened()
	s.plays("cas activities 40", "advance 5m", "# The receiver stalls", "syslog fault stall", "cas activities 25", "advance 10m",
		"portal status Connected", "portal notification data-server-send-error", "! cas pulled -last 5m", "syslog heal", "advance 10m", "check no-loss")
	st := s.state()
	s.Expect(st.Verdict).To(Equal(simulator.Passed), st.Why)
	s.Expect(st.Records.Missing).To(BeZero())
	s.Expect(st.Records.Arrived).To(BeNumerically(">=", 65))
	text := s.saved()
	s.Expect(text).To(HavePrefix("# Played live\n\nagent start\ncas activities 40\nadvance 5m\n\n# The receiver stalls\nsyslog fault stall\n"))
	s.Expect(text).To(ContainSubstring("\nportal resolved data-server-send-error\n"))
	s.Expect(text).To(MatchRegexp(`\ncheck no-loss .*well-formed`))
	s.Expect(text).To(HaveSuffix("-- agent.json --\n{\"remote\": {\"protocol\": \"TCP\"}}\n"))
	result := replays(t, text)
	s.Expect(result.Verdict).To(Equal(simulator.Passed), "%s\n%s", result.Reason, text)
	s.Expect(s.ends()).To(BeZero(), s.complained())
	s.Expect(s.complained()).To(BeEmpty())
}

// The handbook's five clicks give the script that stands there.
func TestTheHandbook(t *testing.T) {
	s := serve(t, "-paused")
	s.opened()
	handbook, err := os.ReadFile("../../docs/serve.md")
	s.Expect(err).NotTo(HaveOccurred())
	_, rest, _ := strings.Cut(string(handbook), "```\n# Played live")
	script, _, found := strings.Cut(rest, "```")
	s.Expect(found).To(BeTrue())
	s.plays("cas activities 25", "advance 5m", "syslog fault refuse established=true", "cas activities 25", "advance 1h")
	s.Expect(s.state().Records.Missing).To(Equal(26), "as it says")
	s.plays("syslog heal refuse", "advance 10m")
	s.Expect(s.saved()).To(Equal("# Played live" + script))
	s.Expect(s.ends()).To(BeZero())
}

// A check that fails live fails in the replay, at the same line and for the same
// records.
func TestWhatFailedLiveFailsAgain(t *testing.T) {
	s := serve(t, "-paused")
	s.opened()
	s.plays("cas activities 10", "advance 5m", "syslog fault refuse -established", "cas activities 25", "advance 10m")
	live := s.plays("check no-loss")
	s.Expect(live.Holds).To(BeFalse())
	s.Expect(live.Found).To(ContainSubstring("26 of 36 records due have not arrived"))
	s.Expect(s.state().Verdict).To(Equal(simulator.Failed))
	text := s.saved()
	result := replays(t, text)
	s.Expect(result.Verdict).To(Equal(simulator.Failed))
	s.Expect(result.Reason).To(ContainSubstring(live.Found), text)

	// Taken out again, the replay passes: nothing else was wrong.
	status, _ := s.asks("DELETE", fmt.Sprintf("v1/script/%d", live.Line), nil)
	s.Expect(status).To(Equal(http.StatusNoContent))
	s.Expect(s.state().Verdict).To(Equal(simulator.Passed))
	result = replays(t, s.saved())
	s.Expect(result.Verdict).To(Equal(simulator.Passed), result.Reason)
	s.Expect(s.ends()).To(BeZero())
}

// A fault that never hit anything fails a script at its end: live it is said
// before.
func TestAFaultThatHitNothing(t *testing.T) {
	s := serve(t, "-paused")
	s.opened()
	s.plays("advance 2m", "cas fault status code=503 -where alerts -after 1000")
	st := s.state()
	s.Expect(st.Verdict).To(Equal(simulator.Failed))
	s.Expect(st.Why).To(ContainSubstring(`the cas fault "status" was injected at 09:02:00 and hit nothing`))
	result := replays(t, s.saved())
	s.Expect(result.Verdict).To(Equal(simulator.Failed))
	s.Expect(result.Reason).To(ContainSubstring(st.Why))
	s.Expect(s.ends()).To(BeZero())
}

// A script is played first; what comes after follows in what is saved.
func TestAScriptFirst(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.txtar")
	NewWithT(t).Expect(os.WriteFile(file, []byte("# Mine\n# Shows: status-disconnected\n\n# All\n# is well\ncas activities 3\nagent start -name two -config two.json\nadvance 90s\n"+
		"portal status Connected -name two\n-- two.json --\n{}\n"), 0o600)).To(Succeed())
	s := serve(t, "-script", file, "-paused")
	st := s.opened()
	s.Expect(st.Now).To(Equal(st.Start.Add(90 * time.Second)))
	s.Expect(st.Agents).To(HaveLen(1))
	s.Expect(st.Agents[0].Status).To(Equal("Connected"))
	s.plays("agent kill -name two", "advance 13h")
	text := s.saved()
	s.Expect(text).To(HavePrefix("# Mine\n# Shows: status-disconnected\n\n# All\n# is well\ncas activities 3\nagent start -name two -config two.json\nadvance 1m30s\nportal status Connected -name two\nagent kill -name two\nadvance 13h\n"))
	s.Expect(text).To(ContainSubstring("\nportal status Disconnected -name two\nportal notification siem-agent-error -name two\n! agent running -name two\n"))
	result := replays(t, text)
	s.Expect(result.Verdict).To(Equal(simulator.Passed), "%s\n%s", result.Reason, text)
	s.Expect(s.ends()).To(BeZero())
}

// A script that fails stops the clock where it did; one goes on from there.
func TestAScriptThatFails(t *testing.T) {
	file := filepath.Join(t.TempDir(), "mine.txtar")
	NewWithT(t).Expect(os.WriteFile(file, []byte("# Mine\nagent start\nadvance 1m\nportal status Disconnected\nadvance 1h\n-- agent.json --\n{}\n"), 0o600)).To(Succeed())
	s := serve(t, "-script", file)
	st := s.opened()
	s.Expect(st.Clock.Paused).To(BeTrue())
	s.Expect(st.Clock.Problem).To(HaveSuffix("mine.txtar:4: portal status Disconnected: Connected (last contact 59.999s ago)"))
	s.Expect(st.Now).To(Equal(st.Start.Add(time.Minute)))
	s.Expect(s.ends()).To(BeZero())
	s.Expect(s.complained()).To(Equal("simulator: serve: the clock stands still: " + st.Clock.Problem + "\n"))
}

// The clock goes by itself, at the speed that was asked for, and stands still
// when it is paused, also in the middle of a jump.
func TestTheClock(t *testing.T) {
	s := serve(t, "-speed", "600")
	s.opened()
	s.Eventually(func() time.Duration { st := s.state(); return st.Now.Sub(st.Start) }, "30s", "20ms").Should(BeNumerically(">", 10*time.Minute))
	s.asks("POST", "v1/clock", map[string]any{"paused": true})
	stood := s.state().Now
	s.Expect(stood).To(Equal(stood.Truncate(time.Second)))
	s.Consistently(func() time.Time { return s.state().Now }, "200ms", "20ms").Should(Equal(stood))

	done := make(chan live.Answer)
	go func() { done <- s.plays("advance 100000h") }()
	s.Eventually(func() string { return s.state().Clock.Jump }, "10s", "5ms").ShouldNot(BeEmpty())
	status, answer := s.asks("POST", "v1/clock", map[string]any{"paused": true, "speed": 10})
	s.Expect(status).To(Equal(http.StatusOK))
	s.Expect(answer).To(MatchJSON(`{"speed":10,"paused":true,"behind":false}`))
	s.Eventually(done, "10s").Should(Receive(HaveField("At", s.state().Now)))
	s.Expect(s.ends()).To(BeZero())
}

// Ctrl-C ends the agent too and leaves no file behind, also while a jump is
// under way.
func TestCtrlC(t *testing.T) {
	s := serve(t)
	s.opened()
	agent := childOf(t, s.command.Process.Pid)
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", agent))
	s.Expect(err).NotTo(HaveOccurred())
	settings := regexp.MustCompile(`[^\x00]+settings\.json`).FindString(string(line))
	s.Expect(settings).To(BeARegularFile())
	go http.Post(s.page+"v1/command", "application/json", strings.NewReader(`{"command":"advance 100000h"}`))
	s.Eventually(func() string { return s.state().Clock.Jump }, "10s", "5ms").ShouldNot(BeEmpty())
	s.Expect(s.ends()).To(BeZero(), s.complained())
	s.Expect(filepath.Dir(settings)).NotTo(BeADirectory())
	s.Expect(syscall.Kill(agent, 0)).To(MatchError(syscall.ESRCH))
	s.Expect(s.complained()).To(BeEmpty())
}

// childOf is the process that another one has started.
func childOf(t *testing.T, parent int) (pid int) {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", parent, parent))
	if err == nil && len(text) == 0 { // another thread has started it
		all, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent))
		for _, name := range all {
			more, _ := os.ReadFile(name)
			text = append(text, more...)
		}
	}
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	_, err = fmt.Sscan(string(text), &pid)
	NewWithT(t).Expect(err).NotTo(HaveOccurred(), "%q", text)
	return pid
}

// An agent of somebody's own finds the Lab by what is said of it.
func TestAnAgentOfOnesOwn(t *testing.T) {
	s := serve(t, "-agent", "none")
	st := s.opened()
	s.Expect(st.Agents).To(HaveLen(1))
	folder := t.TempDir()
	_, ca := s.asks("GET", "v1/ca", nil)
	authority := filepath.Join(folder, "ca.pem")
	s.Expect(os.WriteFile(authority, ca, 0o600)).To(Succeed())
	settings := filepath.Join(folder, "settings.json")
	s.Expect(os.WriteFile(settings, fmt.Appendf(nil, `{"caFile": %q, "checkpointDirectory": %q, "pullPeriod": "1s"}`, authority, folder), 0o600)).To(Succeed())
	mine := exec.Command(filepath.Join(programs, "siem-agent"), "--token", st.Agents[0].Token, "--settings", settings)
	s.Expect(mine.Start()).To(Succeed())
	defer func() { mine.Process.Kill(); mine.Wait() }()
	s.Expect(s.said["receiver"]).To(MatchRegexp(`^127\.0\.\d+\.\d+:\d+$`))
	s.plays("cas activities 3")
	s.Eventually(func() int { return s.state().Records.Arrived }, "40s", "100ms").Should(BeNumerically(">=", 3))
	s.Expect(s.state().Agents[0].Status).To(Equal("Connected"))
	s.Expect(s.saved()).To(ContainSubstring("# It was played with an agent that could not be told the time"))
	status, answer := s.asks("POST", "v1/command", map[string]any{"command": "agent pause"})
	s.Expect(status).To(Equal(http.StatusBadRequest))
	s.Expect(answer).To(ContainSubstring("the agent is not the Lab's"))
	s.Expect(s.ends()).To(BeZero())
}

// Any command is an agent, if it is told what it needs to know.
func TestAForeignAgent(t *testing.T) {
	folder := t.TempDir()
	settings := filepath.Join(folder, "settings.json")
	NewWithT(t).Expect(os.WriteFile(settings, fmt.Appendf(nil, `{"checkpointDirectory": %q, "pullPeriod": "1s"}`, folder), 0o600)).To(Succeed())
	s := serve(t, "-agent", filepath.Join(programs, "siem-agent")+" --token {token} --settings "+settings)
	s.opened()
	s.plays("cas activities 3")
	s.Eventually(func() int { return s.state().Records.Arrived }, "40s", "100ms").Should(BeNumerically(">=", 3))
	before := s.state().Now
	took := time.Now()
	s.plays("advance 10m -real 500ms")
	s.Expect(time.Since(took)).To(BeNumerically(">=", 500*time.Millisecond), "it is given that long")
	s.Expect(s.state().Now).To(BeTemporally(">=", before.Add(10*time.Minute)))
	s.plays("agent stop", "agent exited 0")
	s.Expect(s.saved()).To(ContainSubstring("# It was played with an agent that could not be told the time"))
	s.Expect(s.ends()).To(BeZero())
}

// What a tired person would type wrong.
func TestBadCalls(t *testing.T) {
	machine := filepath.Join(t.TempDir(), "machine.txtar")
	NewWithT(t).Expect(os.WriteFile(machine, []byte("# Frozen\nmachine pause cas\n"), 0o600)).To(Succeed())
	for _, c := range []struct{ args, wants string }{
		{"-listen nowhere", `"nowhere": expected HOST:PORT or :PORT`},
		{"-listen 0.0.0.0:0", `"0.0.0.0:0": expected one address of this machine`},
		{"-agent rsyslog:fast", `rsyslog has no configuration "fast": expected one of: default, tuned, durable`},
		{"-agent nosuch", "expected rsyslog, syslog-ng or a command that is there"},
		{"-speed 0", "-speed 0: expected 1 to 3600"},
		{"-speed 3601", "-speed 3601: expected 1 to 3600"},
		{"-script nope", "nope: no such file, and no scenario of the catalogue"},
		{"-script connected -config x", "-script and -config both say"},
		{"-config nope.json", "no such file"},
		{"-script " + machine, "machine.txtar: machine: the fakes are part of this process"},
		{"now", `unexpected "now" (usage: simulator serve [`},
	} {
		g := NewWithT(t)
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		command := exec.CommandContext(ctx, filepath.Join(programs, "simulator"), append([]string{"serve"}, strings.Fields(c.args)...)...)
		var complained bytes.Buffer
		command.Stderr = &complained
		out, _ := command.Output()
		g.Expect(complained.String()).To(ContainSubstring(c.wants), c.args)
		g.Expect(strings.Count(complained.String(), "\n")).To(Equal(1), complained.String())
		g.Expect(out).To(BeEmpty())
		g.Expect(command.ProcessState.ExitCode()).To(Equal(2), c.args)
	}
}
