package fakecas

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	. "github.com/onsi/gomega"
)

// receiver is a syslog server that reads and drops, and can be taken away.
type receiver struct {
	*WithT
	address string
	l       net.Listener
}

func (r *receiver) open() {
	var err error
	r.l, err = net.Listen("tcp", r.address)
	r.Expect(err).NotTo(HaveOccurred())
	r.address = r.l.Addr().String()
	go func(l net.Listener) {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(io.Discard, c); c.Close() }()
		}
	}(r.l)
}

// runAgent builds the agent's program and runs it with the token that the
// portal showed, until the test ends. It is not imported: this is what an
// admin does.
func (r *reader) runAgent() {
	folder := r.t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		r.Expect(os.WriteFile(path, []byte(content), 0o600)).To(Succeed())
		return path
	}
	program := filepath.Join(folder, "siem-agent")
	out, err := exec.Command("go", "build", "-o", program, "siemdrill/agent/cmd/siem-agent").CombinedOutput()
	r.Expect(err).NotTo(HaveOccurred(), "%s", out)
	settings, _ := json.Marshal(map[string]any{
		"caFile": file("ca.pem", string(r.srv.CAPEM())), "checkpointDirectory": folder,
		"contactPeriod": "1s", "pullPeriod": "2s", "backOffMax": "1s",
	})
	command := exec.Command(program, "--token", "@"+file("token", r.token), "--settings", file("settings.json", string(settings)))
	var said bytes.Buffer
	command.Stdout, command.Stderr = &said, &said
	r.Expect(command.Start()).To(Succeed())
	r.t.Cleanup(func() {
		_ = command.Process.Signal(syscall.SIGTERM)
		_ = command.Wait()
		if r.t.Failed() {
			r.t.Logf("the agent said:\n%s", said.Bytes())
		}
	})
}

// The token from the portal runs the real agent: Created, Connected, a
// notification that comes and goes, a port that is edited under its feet.
func TestTheRealAgentInTheBrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs the agent, which takes some 15 s")
	}
	r := newReader(t)
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go command to build the agent with")
	}
	syslog := &receiver{WithT: r.WithT, address: "127.0.0.1:0"}
	syslog.open()
	other := &receiver{WithT: r.WithT, address: "127.0.0.1:0"}
	other.open()
	defer other.l.Close()
	_, port, _ := net.SplitHostPort(syslog.address)
	_, otherPort, _ := net.SplitHostPort(other.address)

	r.does(chromedp.Navigate(r.portal+"/agents/new"), chromedp.WaitVisible(css("input[name=name]")), chromedp.SendKeys(css("input[name=name]"), "real"))
	r.does(chromedp.Click(css("button[value=next]")), chromedp.WaitVisible(css("input[name=host]")))
	r.does(chromedp.SendKeys(css("input[name=host]"), "127.0.0.1"), chromedp.SendKeys(css("input[name=port]"), port))
	r.does(chromedp.Click(css("button[value=next]")), chromedp.WaitVisible(css("textarea")))
	r.does(chromedp.Click(css("button[value=next]")), chromedp.WaitVisible(css("#token")))
	r.token = evaluate[string](r, `document.querySelector("#token").textContent`)
	r.does(chromedp.Click(css("#finish")), chromedp.WaitVisible(css(".status.created")))

	r.runAgent()
	r.does(chromedp.WaitVisible(css(".status.connected")))
	syslog.l.Close()
	r.srv.Tenant().AddActivities(5, Spread{Ago: 10 * time.Second})
	a := r.srv.Tenant().Agents()[0]
	r.does(chromedp.Navigate(r.portal+"/agents/"+a.ID+"/edit"), chromedp.WaitVisible(css("input[name=port]")))
	r.does(chromedp.Clear(css("input[name=port]")), chromedp.SendKeys(css("input[name=port]"), "1"))
	r.does(chromedp.Click(css("button.primary")), chromedp.WaitVisible(css("#agents table")))
	r.sees("Data server connection error")
	r.does(chromedp.Navigate(r.portal+"/agents/"+a.ID+"/edit"), chromedp.WaitVisible(css("input[name=port]")))
	r.does(chromedp.Clear(css("input[name=port]")), chromedp.SendKeys(css("input[name=port]"), otherPort))
	r.does(chromedp.Click(css("button.primary")), chromedp.WaitVisible(css("#agents table")))
	r.doesNotSee("Data server connection error")
	r.sees("Resolved (2)")
}
