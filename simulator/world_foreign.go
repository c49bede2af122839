package simulator

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"siemdrill/simulator/peer"
)

// foreign is the process runner's world for an agent that is not ours: it can't
// be told the time. Only the clock of the fakes is moved, evenly, while the script
// waits in real time.
type foreign struct {
	*processes
	command []string   // of the agent, with what stands in it for token and so on
	hosts   *hostsFile // where the agent finds what names mean; nil: it is given addresses
	moved   func()     // is told that the clock has moved; may be nil
}

// newForeign is for an agent that is given addresses.
func newForeign(command []string) (*foreign, error) {
	w, err := newProcesses("", time.Now().UTC().Round(0)) // the agent's clock is the machine's
	if err != nil {
		return nil, err
	}
	return &foreign{processes: w, command: command}, nil
}

// newForeignWithNames is for an agent that the world starts: it is given names,
// where this user may do so.
func newForeignWithNames(command []string) (*foreign, error) {
	w, err := newForeign(command)
	if err != nil || !mayHaveHosts() {
		return w, err
	}
	if w.hosts, err = newHostsFile(); err != nil {
		return nil, errors.Join(err, w.close())
	}
	w.network.renamed = w.hosts.write
	return w, w.hosts.write(w.network.named())
}

// move moves a host whose name the agent may follow.
func (w *foreign) move(host string, swallow bool, stale time.Duration) error {
	if w.hosts == nil {
		return errors.New("the agent was given addresses: it can't follow a name")
	}
	return w.processes.move(host, swallow, stale)
}

// host is a name where the agent can be told what names mean, else the address.
func (w *foreign) host(word string) string {
	if w.hosts != nil {
		return names[word]
	}
	return w.network.hosts[word].address.String()
}

// within makes the agent's command see the world's names.
func (w *foreign) within(c *exec.Cmd) *exec.Cmd {
	if w.hosts == nil || c.Err != nil {
		return c
	}
	return w.hosts.within(c)
}

func (w *foreign) close() error {
	err := w.processes.close()
	if w.hosts != nil {
		err = errors.Join(err, w.hosts.close())
	}
	return err
}

// settle has nobody to wait for.
func (w *foreign) settle() error { return nil }

// slice is how often the fakes' clock moves in real time.
const slice = 5 * time.Millisecond

// advance moves the clock on by d within real, or at its own pace if that is 0.
func (w *foreign) advance(d, real time.Duration) error { return w.advanceUntil(d, real, nil) }

// How often, in real time, it is asked whether it is enough, and how much longer
// it is waited for what may come still.
const (
	askEvery = 250 * time.Millisecond
	lingers  = time.Second
)

// advanceUntil does what advance does, and jumps to the end once it is enough.
func (w *foreign) advanceUntil(d, real time.Duration, enough func() bool) error {
	if real == 0 {
		real = d
	}
	began, from, next := time.Now(), w.Now(), askEvery
	for {
		elapsed := min(time.Since(began), real)
		if enough != nil && elapsed >= next {
			next += askEvery
			if enough() {
				enough, real = nil, min(real, elapsed+lingers)
			}
		}
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
	if w.moved != nil {
		w.moved()
	}
}

// start starts the command. What it needs to know is in its arguments, where
// they ask for it, and in its environment.
func (w *foreign) start(call agentCall) (process, error) {
	told := peer.Briefing{
		"token":     call.token,
		"proxy":     call.proxy,
		"service":   call.lab.serviceURL(),
		"receiver":  fmt.Sprintf("%s:%d", w.host("syslog"), w.port(receiverPort)),
		"ca":        filepath.Join(call.lab.directory, "service-ca.pem"),
		"directory": call.lab.directory,
	}
	if call.proxy != "" {
		told["proxy"] = w.network.really(strings.Replace(call.proxy, proxyName, w.host("proxy"), 1))
	}
	if err := writeServiceCA(call.lab, told["ca"]); err != nil {
		return nil, err
	}
	arguments := told.Arguments(w.command)
	command := exec.Command(arguments[0], arguments[1:]...)
	command.Env = append(basicEnvironment(call.lab.directory), told.Environment()...)
	p, err := launch(w.Coordinator, w.within(command), filepath.Join(call.lab.directory, call.name+".console"))
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
