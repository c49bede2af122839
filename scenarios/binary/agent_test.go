//go:build linux

package binary_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
)

// built is the path of siem-agent, built once for all tests.
var built = sync.OnceValues(func() (string, error) {
	directory, err := os.MkdirTemp("", "siem-agent-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(directory, "siem-agent")
	build := exec.Command("go", "build", "-o", path, "siemdrill/agent/cmd/siem-agent")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as it is released
	if said, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("building siem-agent: %w: %s", err, said)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	status := m.Run()
	if path, err := built(); err == nil {
		os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(status)
}

// service starts a fake service without a throttle, and an agent in its portal
// that sends to the receiver.
func service(t testing.TB, receiver string, change ...func(*fakecas.Server)) (*fakecas.Server, fakecas.Agent) {
	t.Helper()
	g := NewWithT(t)
	s := &fakecas.Server{Settings: fakecas.Settings{RequestsPerMinute: -1, Withhold: -1}}
	for _, c := range change {
		c(s)
	}
	g.Expect(s.Start("127.0.0.1:0")).To(Succeed())
	t.Cleanup(func() { s.Close() })
	host, port, err := net.SplitHostPort(receiver)
	g.Expect(err).NotTo(HaveOccurred())
	c := console.DefaultConfiguration()
	c.Name, c.Remote.Host = "test", host
	c.Remote.Port, _ = strconv.Atoi(port)
	a, err := s.Tenant().AddAgent(c)
	g.Expect(err).NotTo(HaveOccurred())
	return s, a
}

// process is one run of siem-agent.
type process struct {
	*exec.Cmd
	printed bytes.Buffer
}

// runner starts one process after the other with the same settings and the
// same checkpoint.
type runner struct {
	t     testing.TB
	call  []string
	hosts *hosts // nil: the system's
}

// newRunner writes the settings: those given, on top of what every test needs.
func newRunner(t testing.TB, s *fakecas.Server, a fakecas.Agent, settings map[string]any) *runner {
	t.Helper()
	g := NewWithT(t)
	directory := t.TempDir()
	ca, token, file := filepath.Join(directory, "ca.pem"), filepath.Join(directory, "token"), filepath.Join(directory, "settings.json")
	all := map[string]any{
		"checkpointDirectory": filepath.Join(directory, "checkpoints"), "caFile": ca,
		"requestsPerMinute": -1, "contactPeriod": "1s", "pullPeriod": "50ms", "backOffMax": "1s",
	}
	for key, value := range settings {
		all[key] = value
	}
	text, err := json.Marshal(all)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.WriteFile(ca, s.CAPEM(), 0o600)).To(Succeed())
	g.Expect(os.WriteFile(token, []byte(a.Token), 0o600)).To(Succeed())
	g.Expect(os.WriteFile(file, text, 0o600)).To(Succeed())
	return &runner{t: t, call: []string{"--token", "@" + token, "--settings", file}}
}

// start starts the agent; the test's end kills it.
func (r *runner) start() *process {
	r.t.Helper()
	path, err := built()
	if err != nil {
		r.t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(path, r.call...)}
	if r.hosts != nil {
		p.Cmd = r.hosts.within(path, r.call...)
	}
	p.Stderr = &p.printed
	if err := p.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(p.kill)
	return p
}

// kill ends it as the kernel would: no word, no time.
func (p *process) kill() {
	p.Process.Kill()
	p.Wait()
}

// cpu is what the process has used so far; only once it has ended.
func (p *process) cpu() time.Duration { return p.ProcessState.UserTime() + p.ProcessState.SystemTime() }

// resident is how much memory it has in use now, in bytes (proc(5), VmRSS), and
// the most that it ever had (VmHWM).
func (p *process) resident() (now, most int) {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.Process.Pid))
	for line := range strings.Lines(string(status)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		n, _ := strconv.Atoi(fields[1])
		switch fields[0] {
		case "VmRSS:":
			now = n << 10
		case "VmHWM:":
			most = n << 10
		}
	}
	return now, most
}
