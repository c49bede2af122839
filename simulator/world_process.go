package simulator

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"siemdrill/simulator/coordinator"
	"siemdrill/simulator/network"
)

// processes is the world of the process runner: agents are processes, the
// network is the kernel's loopback, and time is stepped.
type processes struct {
	*coordinator.Coordinator
	network *loopback
	binary  string // of the agent
}

func newProcesses(binary string, now time.Time) (*processes, error) {
	c, err := coordinator.New(now)
	if err != nil {
		return nil, err
	}
	w := &processes{Coordinator: c, network: newLoopback(c), binary: binary}
	c.Resolve = w.network.resolve
	return w, nil
}

func (w *processes) now() time.Time                          { return w.Now() }
func (w *processes) afterFunc(d time.Duration, f func())     { w.AfterFunc(d, f) }
func (w *processes) clock() clock                            { return w.Coordinator }
func (w *processes) host(word string) string                 { return names[word] }
func (w *processes) port(n int) int                          { return w.network.port(n) }
func (w *processes) advance(d, _ time.Duration) error        { return w.Advance(d) }
func (w *processes) settle() error                           { return w.Settle() }
func (w *processes) breakName(h string, f network.NameFault) { w.network.breakName(h, f) }

func (w *processes) place(host string) place {
	h := w.network.hosts[host]
	return place{h.listen, h.listenPacket, h.dial}
}

// cut lets nothing reach the one of the two that isn't the agent.
func (w *processes) cut(a, b string, on bool) error {
	switch {
	case a == "agent":
		return w.network.hosts[b].deafen(on)
	case b == "agent":
		return w.network.hosts[a].deafen(on)
	}
	return fmt.Errorf("on real processes the network is cut between the agent and another host only")
}

func (w *processes) move(host string, swallow bool, stale time.Duration) error {
	h := w.network.hosts[host]
	if err := h.move(swallow); err != nil {
		return err
	}
	w.network.rename(h, stale)
	return nil
}

func (w *processes) damage(directory, what string) error { return damageCheckpoint(directory, what) }

func (w *processes) close() error {
	w.Close()
	return nil
}

// start starts the agent's command and returns once it is at rest, or has ended.
func (w *processes) start(call agentCall) (process, error) {
	p, err := w.launch(call)
	if err != nil {
		return nil, err
	}
	return p, w.Settle()
}

// launch starts the process and makes it a member, if it lives that long.
func (w *processes) launch(call agentCall) (*child, error) {
	control := filepath.Join(call.lab.directory, call.name+".clock")
	listener, err := net.Listen("unix", control)
	if err != nil {
		return nil, err
	}
	defer os.Remove(control)
	defer listener.Close()
	arguments, err := w.arguments(call, control)
	if err != nil {
		return nil, err
	}
	command := exec.Command(arguments[0], arguments[1:]...)
	command.Env = basicEnvironment(call.lab.directory)
	p, err := launch(w.Coordinator, command, filepath.Join(call.lab.directory, call.name+".console"))
	if err != nil {
		return nil, err
	}
	return p, p.join(call, listener, w.network.hosts["agent"].address)
}

// arguments are the agent's command line, as an operator would write it.
func (w *processes) arguments(call agentCall, control string) ([]string, error) {
	settings, err := writeSettings(call)
	if err != nil {
		return nil, err
	}
	all := []string{w.binary, "--token", call.token, "--settings", settings, "--clock", "unix:" + control}
	if call.proxy != "" {
		all = append(all, "--proxy", w.network.really(call.proxy))
	}
	return all, nil
}
