package live_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	. "github.com/onsi/gomega"

	"siemdrill/simulator"
)

// needs skips a test without a forwarder, unless SIEMDRILL_REQUIRE has "peers".
func needs(t *testing.T, name string) {
	t.Helper()
	said, _ := exec.Command(filepath.Join(programs, "simulator"), "serve", "-agent", name, "-listen", "nowhere").CombinedOutput()
	if !strings.Contains(string(said), "is not installed") {
		return
	}
	if strings.Contains(os.Getenv("SIEMDRILL_REQUIRE"), "peers") {
		t.Fatal(string(said))
	}
	t.Skip(string(said))
}

// arrived waits until so many records have.
func (s *served) arrived(n int) {
	s.t.Helper()
	s.Eventually(func() int { return s.state().Records.Arrived }, "40s", "50ms").Should(BeNumerically(">=", n))
}

// replaysWith plays a script with an agent, in real time.
func replaysWith(t *testing.T, agent, script string) (result simulator.Result) {
	t.Helper()
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "live.txtar")
	g.Expect(os.WriteFile(file, []byte(script), 0o600)).To(Succeed())
	out, _ := exec.Command(filepath.Join(programs, "simulator"), "run", "-json", "-agent", agent, file).Output()
	g.Expect(json.Unmarshal(out, &result)).To(Succeed(), "%s\n%s", out, script)
	return result
}

// Other people's forwarders can be broken, stopped and started as ours can; what
// was clicked plays again with them, and with ours.
func TestAPlainForwarder(t *testing.T) {
	for _, agent := range []string{"rsyslog", "syslog-ng:durable"} {
		t.Run(agent, func(t *testing.T) {
			name, _, _ := strings.Cut(agent, ":")
			needs(t, name)
			s := serve(t, "-agent", agent)
			s.Expect(s.opened().Runner).To(Equal(simulator.Forwarder))
			s.Expect(s.said).NotTo(HaveKey("service"), "nobody has to be told")
			s.plays("cas activities 25")
			s.arrived(25)
			s.plays("syslog fault stall", "cas activities 25", "advance 1m -real 1s", "syslog heal")
			s.arrived(50)
			s.plays("agent stop", "! agent running", "cas activities 5", "advance 1m -real 1s", "agent start")
			s.arrived(55)
			s.plays("advance 10m -real 1s")
			s.Expect(s.plays("check no-loss").Holds).To(BeTrue())

			text := s.saved()
			s.Expect(text).To(MatchRegexp(`(?m)^advance 10m\d*s? -real \ds$`))
			s.Expect(text).To(ContainSubstring("That one plays it by simulator run -agent '" + agent + "'"))
			s.Expect(text).NotTo(MatchRegexp(`(?m)^portal|^check.* held`), "it knows nothing of those")
			result := replaysWith(t, agent, text)
			s.Expect(result.Verdict).To(Equal(simulator.Passed), "%s\n%s", result.Reason, text)
			result = replays(t, text)
			s.Expect(result.Verdict).To(Equal(simulator.Passed), "%s\n%s", result.Reason, text)
			s.Expect(s.ends()).To(BeZero(), s.complained())
			s.Expect(s.complained()).To(BeEmpty())
		})
	}
}

// What a plain forwarder can't do is said at the click, and stays out of the
// script.
func TestWhatAPlainForwarderCannot(t *testing.T) {
	needs(t, "rsyslog")
	s := serve(t, "-agent", "rsyslog", "-paused")
	s.opened()
	for command, why := range map[string]string{
		"portal status Connected":    "makes no contact",
		"cas fault status code=503":  "never asks the service",
		"check held":                 "makes no contact",
		"agent checkpoint gone":      "keeps no place",
		"agent start -proxy p:3128":  "never asks the service",
		"network name syslog healed": "a file of hosts",
	} {
		status, answer := s.asks("POST", "v1/command", map[string]any{"command": command})
		s.Expect(status).To(Equal(http.StatusBadRequest), command)
		s.Expect(string(answer)).To(ContainSubstring(why), command)
	}
	response, err := http.PostForm(s.portal+"siem-agents/add", url.Values{})
	s.Expect(err).NotTo(HaveOccurred())
	response.Body.Close()
	s.Expect(response.StatusCode).To(Equal(http.StatusForbidden))
	s.Expect(s.saved()).To(HavePrefix("# Played live\n\nagent start\n\n#"))
	_, page := s.gets(s.page)
	s.Expect(page).NotTo(ContainSubstring("portal regenerate-token"))
	s.Expect(s.ends()).To(BeZero(), s.complained())
}

// Time that is given by its end can be paused too, though it is real.
func TestTimeUntilAnInstantIsAJump(t *testing.T) {
	s := serve(t, "-agent", "none", "-paused")
	s.opened()
	done := make(chan time.Time)
	go func() { done <- s.plays("advance -to +2h").At }()
	s.Eventually(func() string { return s.state().Clock.Jump }, "10s", "5ms").ShouldNot(BeEmpty())
	s.asks("POST", "v1/clock", map[string]any{"paused": true})
	s.Eventually(done, "10s").Should(Receive(BeTemporally("<", s.state().Start.Add(time.Hour))))
	s.Expect(s.ends()).To(BeZero(), s.complained())
}

// The page works without what a plain forwarder has nothing to do with.
func TestAPlainForwardersPage(t *testing.T) {
	needs(t, "rsyslog")
	p := newPlayer(t, "-agent", "rsyslog")
	p.sees("#agents", "agent the agent runs")
	p.Expect(evaluate[string](p, `document.querySelector("#agents").textContent`)).NotTo(ContainSubstring("contact"))
	p.does(chromedp.Click(css("form[data-command='cas activities'] button")))
	p.arrived(25)
	p.sees("[data-record=arrived]", "25")
	p.shoots("forwarder")
	p.Expect(p.complaints()).To(BeEmpty())
	p.Expect(p.ends()).To(BeZero(), p.complained())
}
