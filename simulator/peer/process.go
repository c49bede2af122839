package peer

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// Process is a forwarder that runs.
type Process struct {
	command *exec.Cmd
	console string
	done    chan struct{}
}

const (
	startLimit = 10 * time.Second // for its input to accept
	stopLimit  = 30 * time.Second // from being asked to the end
	often      = 10 * time.Millisecond
)

// Start starts the program and returns once its input accepts connections. One
// that doesn't get there is an error with what it said, and doesn't run. What it
// prints goes to a file in the route's folder, one start after the other.
func (p *Program) Start(ctx context.Context, r Route) (*Process, error) {
	command, err := p.Command(r)
	if err != nil {
		return nil, err
	}
	console := filepath.Join(r.Folder, "console")
	out, err := os.OpenFile(console, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	command.Stdout, command.Stderr = out, out
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	running := &Process{command, console, make(chan struct{})}
	go func() {
		_ = command.Wait() // the state tells
		close(running.done)
	}()
	if err := Ready(ctx, r.Listen, running.done); err != nil {
		running.Kill()
		return nil, fmt.Errorf("%s: %w: %s", p.Name, err, running.Console())
	}
	return running, nil
}

// Ready returns once something at the address accepts connections, or with an
// error when that takes more than 10 seconds, or the process that should have
// ended.
func Ready(ctx context.Context, address string, ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, startLimit)
	defer cancel()
	ticks := time.NewTicker(often) // a daemon doesn't tell
	defer ticks.Stop()
	for {
		if conn, err := new(net.Dialer).DialContext(ctx, "tcp", address); err == nil {
			return conn.Close()
		}
		select {
		case <-ticks.C:
		case <-ended:
			return errors.New("it ended before its input accepted")
		case <-ctx.Done():
			return fmt.Errorf("its input at %s doesn't accept: %w", address, ctx.Err())
		}
	}
}

// PID is the id of the process.
func (p *Process) PID() int { return p.command.Process.Pid }

// Done is closed when the process has ended.
func (p *Process) Done() <-chan struct{} { return p.done }

// State is how the process ended and what it used. Only after Done.
func (p *Process) State() *os.ProcessState { return p.command.ProcessState }

// Console is what it has printed.
func (p *Process) Console() string {
	text, err := os.ReadFile(p.console)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// Stop asks the process to end, as a service manager does, and waits until it
// has. An error says that it was killed after 30 seconds, or did not end well.
func (p *Process) Stop() error {
	_ = p.command.Process.Signal(syscall.SIGTERM) // it may have ended
	select {
	case <-p.done:
	case <-time.After(stopLimit):
		p.Kill()
		return fmt.Errorf("it runs still %s after it was asked to stop", stopLimit)
	}
	if !p.State().Success() {
		return fmt.Errorf("it ended with %s", p.State())
	}
	return nil
}

// Kill ends the process at once and waits until it has ended.
func (p *Process) Kill() {
	_ = p.command.Process.Kill() // it may have ended
	<-p.done
}
