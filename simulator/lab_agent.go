package simulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	"siemdrill/agent"
	"siemdrill/agent/console"
	"siemdrill/fakecas"
)

// labAgent is one agent of the portal and, if it was started, its process.
type labAgent struct {
	id       string
	token    string // as the portal shows it now
	previous string // the one before the last regeneration
	local    agent.Settings
	run      *agentRun // the last one; nil: never started
}

// AgentStart says how an agent is started. The zero value is how the vendor
// describes it: the token from the portal, no proxy.
type AgentStart struct {
	Token string // in place of the portal's; "previous": the one before it
	Proxy string
	// ClockAhead is how far the clock of the agent's machine is ahead; less than
	// zero: behind.
	ClockAhead time.Duration
}

// configurationFile is the form of agent.json: what the portal holds, and the
// agent's local settings.
type configurationFile struct {
	console.Configuration
	Local json.RawMessage `json:"local"`
}

// parseConfiguration reads a configuration file strictly. An absent host and
// port mean the Lab's receiver, over TLS if local says so.
func parseConfiguration(name string, data []byte) (console.Configuration, agent.Settings, error) {
	file := configurationFile{Configuration: console.DefaultConfiguration()}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&file)
	if err == nil {
		err = file.Validate()
	}
	var local agent.Settings
	if err == nil && file.Local != nil {
		local, err = agent.ReadSettings(bytes.NewReader(file.Local))
	}
	if err != nil {
		return console.Configuration{}, agent.Settings{}, fmt.Errorf("%s: %w", name, err)
	}
	if file.Remote.Host == "" {
		file.Remote.Host = receiverName
	}
	if file.Remote.Port == 0 {
		file.Remote.Port = receiverPort
		if local.TLS != nil {
			file.Remote.Port = receiverTLSPort
		}
	}
	return file.Configuration, local, nil
}

// AddAgent adds an agent in the portal, configured by a file of the script.
func (l *Lab) AddAgent(name, file string) error {
	if l.agents[name] != nil {
		return fmt.Errorf("the portal has an agent %q already", name)
	}
	config, local, err := parseConfiguration(file, l.files[file])
	if err != nil {
		return err
	}
	return l.ConfigureAgent(name, config, local)
}

// ConfigureAgent adds an agent in the portal.
func (l *Lab) ConfigureAgent(name string, config console.Configuration, local agent.Settings) error {
	config.Name = name
	l.locate(&config.Remote)
	id, token, err := l.service.addAgent(config)
	if err != nil {
		return err
	}
	l.agents[name] = &labAgent{id: id, token: token, local: local}
	return nil
}

// locate makes what a configuration says of the receiver what it is here.
func (l *Lab) locate(r *console.Remote) {
	r.Port = l.world.port(r.Port)
	if r.Host == receiverName {
		r.Host = l.world.host("syslog")
	}
}

func (l *Lab) ensureAgent(name, file string) error {
	if l.agents[name] != nil {
		return nil
	}
	return l.AddAgent(name, file)
}

// agent returns the agent with the name, or an error that says how to get one.
func (l *Lab) agent(name string) (*labAgent, error) {
	if a := l.agents[name]; a != nil {
		return a, nil
	}
	return nil, fmt.Errorf("the portal has no agent %q: add it first", name)
}

// EditAgent changes an agent's configuration to that of a file of the script.
func (l *Lab) EditAgent(name, file string) error {
	a, err := l.agent(name)
	if err != nil {
		return err
	}
	config, _, err := parseConfiguration(file, l.files[file])
	if err != nil {
		return err
	}
	l.locate(&config.Remote)
	return l.service.editAgent(a.id, config)
}

// RegenerateToken makes a new token for the agent; its process keeps the old one.
func (l *Lab) RegenerateToken(name string) error {
	a, err := l.agent(name)
	if err != nil {
		return err
	}
	a.previous = a.token
	a.token, err = l.service.regenerateToken(a.id)
	return err
}

// DeleteAgent deletes the agent in the portal; its process is not told.
func (l *Lab) DeleteAgent(name string) error {
	a, err := l.agent(name)
	if err != nil {
		return err
	}
	return l.service.deleteAgent(a.id)
}

// Status is what the portal shows of the agent; Created if there is none.
func (l *Lab) Status(name string) fakecas.Status {
	return l.view(name).Status
}

// LastContact is when the agent last made contact; zero: never.
func (l *Lab) LastContact(name string) time.Time {
	return l.view(name).LastContact
}

// Notifications is every notification of the agent, open and resolved.
func (l *Lab) Notifications(name string) []fakecas.Notification {
	return l.view(name).Notifications
}

func (l *Lab) view(name string) fakecas.AgentView {
	a := l.agents[name]
	if a == nil {
		return fakecas.AgentView{}
	}
	return l.service.view(a.id)
}

// agentRun is one run of an agent's process; nil: there was never one.
type agentRun struct {
	process
	paused bool
}

// StartAgent starts the agent's process.
func (l *Lab) StartAgent(name string, how AgentStart) error {
	a, err := l.agent(name)
	if err != nil {
		return err
	}
	if a.run != nil && !a.run.ended() {
		return fmt.Errorf("the agent %q runs already", name)
	}
	token := a.token
	switch how.Token {
	case "":
	case "previous":
		if token = a.previous; token == "" {
			return fmt.Errorf("the token of %q was never regenerated", name)
		}
	default:
		token = how.Token
	}
	proc, err := l.world.start(agentCall{
		name:     name,
		token:    token,
		proxy:    how.Proxy,
		ahead:    how.ClockAhead,
		seed:     l.Seed,
		machine:  "LAB-" + name,
		settings: l.settingsOf(name, a),
		lab:      l,
	})
	if err != nil {
		return err
	}
	a.run = &agentRun{process: proc}
	return nil
}

// settingsOf are the agent's own, and what the Lab says.
func (l *Lab) settingsOf(name string, a *labAgent) agent.Settings {
	settings := a.local
	settings.CheckpointDirectory = l.CheckpointDirectory(name)
	if settings.TLS != nil && settings.TLS.CAFile == "" {
		own := *settings.TLS
		own.CAFile = l.receiverCAFile()
		settings.TLS = &own
	}
	return settings
}

// CheckpointDirectory is the folder that holds the agent's place.
func (l *Lab) CheckpointDirectory(agent string) string { return filepath.Join(l.directory, agent) }

// StopAgent asks the agent's process to stop and waits until it has. One that is
// paused would hear of it only when it goes on.
func (l *Lab) StopAgent(name string) error {
	return l.running(name, func(r *agentRun) error {
		if r.paused {
			return fmt.Errorf("the agent %q is paused: resume or kill it", name)
		}
		return r.stop()
	})
}

// KillAgent ends the agent's process at once: the kernel closes its connections,
// so what was not confirmed by now never is.
func (l *Lab) KillAgent(name string) error {
	return l.running(name, func(r *agentRun) error { return r.kill() })
}

// PauseAgent stops the agent's processor: its connections stand, and it does
// nothing.
func (l *Lab) PauseAgent(name string) error {
	return l.running(name, func(r *agentRun) error {
		err := r.pause()
		r.paused = err == nil
		return err
	})
}

// ResumeAgent lets a paused agent go on.
func (l *Lab) ResumeAgent(name string) error {
	return l.running(name, (*agentRun).goOn)
}

func (r *agentRun) goOn() error {
	r.paused = false
	return r.resume()
}

func (l *Lab) running(name string, do func(*agentRun) error) error {
	run := l.lastRun(name)
	if run == nil || run.ended() {
		return fmt.Errorf("the agent %q doesn't run", name)
	}
	return do(run)
}

// Exited is the exit status of the agent's process; -1 while it runs, or if it
// was never started.
func (l *Lab) Exited(name string) int {
	if run := l.lastRun(name); run.ended() {
		return run.exitStatus()
	}
	return -1
}

// Console is what the agent's last process has printed on its console.
func (l *Lab) Console(name string) string { return l.lastRun(name).printed() }

// lastRun is the agent's process, or the last one; nil: it was never started.
func (l *Lab) lastRun(name string) *agentRun {
	if a := l.agents[name]; a != nil {
		return a.run
	}
	return nil
}

// ended says whether the process has ended; false if there was never one.
func (r *agentRun) ended() bool { return r != nil && r.process.ended() }

// printed is what the process has printed on its console.
func (r *agentRun) printed() string {
	if r == nil {
		return ""
	}
	return r.process.printed()
}

func (r *agentRun) String() string {
	switch {
	case r == nil:
		return "the agent was never started"
	case !r.ended():
		return "the agent runs"
	case r.why() != "":
		return fmt.Sprintf("the agent has ended with status %d: %s", r.exitStatus(), r.why())
	}
	return fmt.Sprintf("the agent has ended with status %d", r.exitStatus())
}

// Receiver is the Lab's receiver, as a configuration names it.
func Receiver(transport console.Transport) console.Remote {
	return console.Remote{Host: receiverName, Port: receiverPort, Protocol: transport}
}
