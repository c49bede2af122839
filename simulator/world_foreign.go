package simulator

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// foreign is the process runner's world for an agent that is not ours: it can't
// be told the time, nor what names resolve to. Only the clock of the fakes is
// moved, evenly, while the script waits in real time.
type foreign struct {
	*processes
	command []string // of the agent, with what stands in it for token and so on
}

func newForeign(command []string) (*foreign, error) {
	w, err := newProcesses("", time.Now().UTC().Round(0)) // the agent's clock is the machine's
	if err != nil {
		return nil, err
	}
	return &foreign{w, command}, nil
}

// host is the address: nobody tells the agent what a name means.
func (w *foreign) host(word string) string { return w.network.hosts[word].address.String() }

// settle has nobody to wait for.
func (w *foreign) settle() error { return nil }

// slice is how often the fakes' clock moves in real time.
const slice = 5 * time.Millisecond

// advance moves the clock on by d within real, or at its own pace if that is 0.
func (w *foreign) advance(d, real time.Duration) error {
	if real == 0 {
		real = d
	}
	began, from := time.Now(), w.Now()
	for {
		elapsed := min(time.Since(began), real)
		now := from.Add(d)
		if elapsed < real {
			now = from.Add(time.Duration(float64(d) * float64(elapsed) / float64(real)))
		}
		w.reach(now)
		if elapsed == real {
			return nil
		}
		time.Sleep(min(slice, real-elapsed))
	}
}

// reach moves the clock to now; what is due on the way happens at its time.
func (w *foreign) reach(now time.Time) {
	for due := w.Next(); !due.IsZero() && !due.After(now); due = w.Next() {
		if due.After(w.Now()) {
			w.Move(due)
		}
		w.Fire()
	}
	w.Move(now)
}

// start starts the command. What it needs to know is in its arguments, where
// they ask for it, and in its environment.
func (w *foreign) start(call agentCall) (process, error) {
	known := map[string]string{
		"token":     call.token,
		"proxy":     call.proxy,
		"service":   call.lab.serviceURL(),
		"receiver":  fmt.Sprintf("%s:%d", w.host("syslog"), w.port(receiverPort)),
		"ca":        filepath.Join(call.lab.directory, "service-ca.pem"),
		"directory": call.lab.directory,
	}
	if call.proxy != "" {
		known["proxy"] = w.network.really(strings.Replace(call.proxy, proxyName, w.host("proxy"), 1))
	}
	if err := writeServiceCA(call.lab, known["ca"]); err != nil {
		return nil, err
	}
	var arguments []string
	for _, word := range w.command {
		for name, value := range known {
			word = strings.ReplaceAll(word, "{"+name+"}", value)
		}
		arguments = append(arguments, word)
	}
	environment := []string{"SSL_CERT_FILE=" + known["ca"]}
	for name, value := range known {
		environment = append(environment, "SIEMDRILL_"+strings.ToUpper(name)+"="+value)
	}
	p, err := launch(w.Coordinator, arguments, filepath.Join(call.lab.directory, call.name+".console"), environment)
	if err != nil {
		return nil, err
	}
	p.done = p.exited
	return &stranger{p}, nil
}

// stranger is a foreign agent's process.
type stranger struct{ *child }

// strangerStops is how long, in real time, a foreign agent may take to stop.
const strangerStops = 30 * time.Second

func (p *stranger) stop() error {
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-p.exited:
		return nil
	case <-time.After(strangerStops):
		return errors.Join(fmt.Errorf("it runs still %s after it was asked to stop", strangerStops), p.kill())
	}
}

func (p *stranger) kill() error {
	err := p.command.Process.Kill()
	<-p.exited
	return err
}

func (p *stranger) pause() error  { return p.command.Process.Signal(syscall.SIGSTOP) }
func (p *stranger) resume() error { return p.command.Process.Signal(syscall.SIGCONT) }
