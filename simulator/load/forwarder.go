package load

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"siemdrill/agent"
)

// forwarder is an agent that runs.
type forwarder interface {
	// stop asks it to end, waits until it has, and returns why it ended badly.
	stop() error
	// used is the processor's time and the most memory it has used; false: it
	// can't be told from the rest. Only after stop.
	used() (cpu time.Duration, peak int64, known bool)
}

// agentCall is what an agent is started with.
type agentCall struct {
	token     string
	seed      uint64
	directory string // for its files; it exists
	settings  agent.Settings
}

// inProcess is an agent beside the fakes, in their process.
type inProcess struct {
	cancel context.CancelFunc
	ended  chan error
}

func startInProcess(call agentCall, service *x509.CertPool) (forwarder, error) {
	a, err := agent.New(agent.Config{Token: call.token, Settings: call.settings, RootCAs: service, Seed: call.seed, Machine: "load"})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &inProcess{cancel, make(chan error, 1)}
	go func() { p.ended <- a.Run(ctx) }()
	return p, nil
}

func (p *inProcess) stop() error {
	p.cancel()
	return <-p.ended
}

func (p *inProcess) used() (time.Duration, int64, bool) { return 0, 0, false }

// child is an agent in a process of its own.
type child struct {
	command *exec.Cmd
	ended   chan error
	said    string // the file that has what it printed
	peak    int64  // bytes resident at most, as it was asked to end
}

// startChild starts the agent's command. The token goes by the environment, so
// that no list of processes shows it.
func startChild(binary string, call agentCall, service []byte) (forwarder, error) {
	file := func(name string) string { return filepath.Join(call.directory, name) }
	call.settings.CAFile = file("service.pem")
	if err := os.WriteFile(call.settings.CAFile, service, 0o600); err != nil {
		return nil, err
	}
	text, err := json.Marshal(call.settings)
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(file("settings.json"), text, 0o600); err != nil {
		return nil, err
	}
	said, err := os.Create(file("console"))
	if err != nil {
		return nil, err
	}
	defer said.Close()
	p := &child{command: exec.Command(binary, "--settings", file("settings.json"), "--logsDirectory", call.directory), ended: make(chan error, 1), said: said.Name()}
	p.command.Stdout, p.command.Stderr = said, said
	p.command.Env = []string{"HOME=" + call.directory, "PATH=" + os.Getenv("PATH"), "SIEM_AGENT_TOKEN=" + call.token}
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("the agent: %w", err)
	}
	go func() { p.ended <- p.command.Wait() }()
	return p, nil
}

func (p *child) stop() error {
	p.peak = peakOf(p.command.Process.Pid)
	_ = p.command.Process.Signal(syscall.SIGTERM) // it may have ended already
	err := <-p.ended
	if err == nil {
		return nil
	}
	if text, readErr := os.ReadFile(p.said); readErr == nil && len(text) > 0 {
		return fmt.Errorf("the agent ended: %w: %s", err, text[max(0, len(text)-300):])
	}
	return fmt.Errorf("the agent ended: %w", err)
}

func (p *child) used() (time.Duration, int64, bool) {
	state := p.command.ProcessState
	return state.UserTime() + state.SystemTime(), p.peak, true
}
