package load

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"siemdrill/simulator/peer"
)

// child is an agent in a process of its own.
type child struct {
	command *exec.Cmd
	done    chan struct{} // closed when it has ended
	err     error         // why, after that
	said    string        // the file that has what it printed
	peak    int64         // bytes resident at most, as it was asked to end
}

// startBinary starts the project's own agent's command. The token goes by the
// environment, so that no list of processes shows it.
func startBinary(binary string, call agentCall) (forwarder, error) {
	call.settings.CAFile = filepath.Join(call.directory, "service.pem")
	if err := os.WriteFile(call.settings.CAFile, call.serviceCA, 0o600); err != nil {
		return nil, err
	}
	text, err := json.Marshal(call.settings)
	if err != nil {
		return nil, err
	}
	settings := filepath.Join(call.directory, "settings.json")
	if err := os.WriteFile(settings, text, 0o600); err != nil {
		return nil, err
	}
	return startChild(call.directory, []string{binary, "--settings", settings, "--logsDirectory", call.directory}, []string{"SIEM_AGENT_TOKEN=" + call.token})
}

// startForeign starts another agent's command. What it needs to know is in its
// arguments, where they ask for it, and in its environment.
func startForeign(command []string, call agentCall) (forwarder, error) {
	ca := filepath.Join(call.directory, "service.pem")
	if err := os.WriteFile(ca, call.serviceCA, 0o600); err != nil {
		return nil, err
	}
	told := peer.Briefing{
		"token": call.token, "service": call.service, "ca": ca, "receiver": call.receiver, "receiver_ca": call.receiverCA, "directory": call.directory,
	}
	return startChild(call.directory, told.Arguments(command), told.Environment())
}

// startChild starts a command whose files are in a directory.
func startChild(directory string, arguments, environment []string) (forwarder, error) {
	said, err := os.Create(filepath.Join(directory, "console"))
	if err != nil {
		return nil, err
	}
	defer said.Close()
	p := &child{command: exec.Command(arguments[0], arguments[1:]...), done: make(chan struct{}), said: said.Name()}
	p.command.Stdout, p.command.Stderr = said, said
	p.command.Env = append([]string{"HOME=" + directory, "PATH=" + os.Getenv("PATH")}, environment...)
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("the agent: %w", err)
	}
	go func() {
		p.err = p.command.Wait()
		close(p.done)
	}()
	return p, nil
}

func (p *child) wake() {}

func (p *child) ended() error {
	select {
	case <-p.done:
		return p.why(errEnded(p.err))
	default:
		return nil
	}
}

func (p *child) resident() int64 { return residentOf(p.command.Process.Pid) }

// childStops is how long a command may take to end.
const childStops = 30 * time.Second

func (p *child) stop() error {
	if err := p.ended(); err != nil {
		return err
	}
	p.peak = peakOf(p.command.Process.Pid)
	_ = p.command.Process.Signal(syscall.SIGTERM) // it may have ended already
	select {
	case <-p.done:
	case <-time.After(childStops):
		_ = p.command.Process.Kill()
		<-p.done
		return p.why(fmt.Errorf("the agent runs still %s after it was asked to stop", childStops))
	}
	state, _ := p.command.ProcessState.Sys().(syscall.WaitStatus)
	if p.err == nil || state.Signaled() && state.Signal() == syscall.SIGTERM { // many don't handle it
		return nil
	}
	return p.why(errEnded(p.err))
}

// why adds the last that it printed; of a Go program's panic, its beginning.
func (p *child) why(err error) error {
	text, readErr := os.ReadFile(p.said)
	if readErr != nil || len(text) == 0 {
		return err
	}
	const most = 300
	if at := bytes.LastIndex(text, []byte("panic: ")); at >= 0 {
		return fmt.Errorf("%w: %s", err, text[at:min(len(text), at+most)])
	}
	return fmt.Errorf("%w: %s", err, text[max(0, len(text)-most):])
}

// errEnded is an agent that has ended.
func errEnded(why error) error {
	if why == nil {
		return fmt.Errorf("the agent ended, with status 0")
	}
	return fmt.Errorf("the agent ended: %w", why)
}

func (p *child) used() (time.Duration, int64, bool) {
	state := p.command.ProcessState
	return state.UserTime() + state.SystemTime(), p.peak, true
}
