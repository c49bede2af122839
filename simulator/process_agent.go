package simulator

import (
	"encoding/json"
	"fmt"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"siemdrill/agent/stepped"
	"siemdrill/simulator/coordinator"
)

// child is an agent in a process of its own.
type child struct {
	coordinator *coordinator.Coordinator
	command     *exec.Cmd
	console     string // the file that has what it printed
	member      *coordinator.Member
	exited      chan struct{} // closed when the process has ended
	done        chan struct{} // closed when everybody has taken note of that
}

// launch starts a command whose output goes to a file, and counts who waits for
// its end as idle.
func launch(c *coordinator.Coordinator, command *exec.Cmd, console string) (*child, error) {
	out, err := os.OpenFile(console, os.O_CREATE|os.O_TRUNC|os.O_APPEND|os.O_WRONLY, 0o600) // some open it again themselves
	if err != nil {
		return nil, err
	}
	defer out.Close()
	p := &child{coordinator: c, command: command, console: console, exited: make(chan struct{}), done: make(chan struct{})}
	p.command.Stdout, p.command.Stderr, p.command.SysProcAttr = out, out, withUs
	if err := p.command.Start(); err != nil {
		return nil, fmt.Errorf("the agent: %w", err)
	}
	c.Outside(+1)
	go func() {
		_ = p.command.Wait() // the state tells
		c.Outside(-1)
		close(p.exited)
	}()
	return p, nil
}

// basicEnvironment is what every program expects.
func basicEnvironment(home string) []string {
	return []string{"HOME=" + home, "PATH=" + os.Getenv("PATH")}
}

// join makes the process a member, unless it ends before it asks.
func (p *child) join(call agentCall, listener net.Listener, bind netip.Addr) error {
	asked := make(chan net.Conn, 1)
	go func() {
		if conn, err := listener.Accept(); err == nil {
			asked <- conn
		}
		close(asked)
	}()
	select {
	case <-p.exited:
		close(p.done)
		return nil
	case conn := <-asked:
		welcome := stepped.Welcome{Ahead: call.ahead, Seed: call.seed, Machine: call.machine, Bind: bind}
		member, err := p.coordinator.Admit(call.name, conn, welcome)
		if err != nil {
			_ = p.command.Process.Kill()
			<-p.exited
			return err
		}
		p.member = member
		go func() {
			<-p.exited
			member.Gone()
			close(p.done)
		}()
		return nil
	}
}

// writeSettings writes the agent's settings file and returns its name.
func writeSettings(call agentCall) (string, error) {
	settings := call.settings
	if settings.CAFile == "" {
		settings.CAFile = filepath.Join(call.lab.directory, "service-ca.pem")
		if err := writeServiceCA(call.lab, settings.CAFile); err != nil {
			return "", err
		}
	}
	text, err := json.Marshal(settings)
	if err != nil {
		return "", err
	}
	name := filepath.Join(call.lab.directory, call.name+".settings.json")
	return name, os.WriteFile(name, text, 0o600)
}

// writeServiceCA writes whom to trust towards the service.
func writeServiceCA(l *Lab, file string) error { return os.WriteFile(file, l.CAS.CAPEM(), 0o600) }

// stopLimit is how long, in the Lab's time, an agent may take to stop.
const stopLimit = time.Hour

func (p *child) stop() error {
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	p.member.Signalled()
	ended, err := p.coordinator.Until(p.ended, stopLimit)
	if err == nil && !ended {
		err = fmt.Errorf("it runs still %s after it was asked to stop", stopLimit)
	}
	return err
}

func (p *child) kill() error {
	if err := p.command.Process.Kill(); err != nil {
		return err
	}
	<-p.done
	return p.coordinator.Settle()
}

// pause stops the process. It is at rest, and the kernel tells nobody when it
// has stopped, but it has no instant of its own that could come before that.
func (p *child) pause() error {
	if err := p.command.Process.Signal(syscall.SIGSTOP); err != nil {
		return err
	}
	p.member.Paused(true)
	return nil
}

func (p *child) resume() error {
	if err := p.command.Process.Signal(syscall.SIGCONT); err != nil {
		return err
	}
	p.member.Paused(false)
	return p.coordinator.Settle()
}

func (p *child) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func (p *child) exitStatus() int { return p.command.ProcessState.ExitCode() }

func (p *child) why() string { return p.command.ProcessState.String() }

func (p *child) printed() string {
	text, err := os.ReadFile(p.console)
	if err != nil {
		return err.Error()
	}
	return string(text)
}
