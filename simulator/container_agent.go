package simulator

import (
	"encoding/json"
	"errors"
	"fmt"

	"siemdrill/agent/stepped"
)

// contained is an agent on a machine of its own.
type contained struct {
	*steppedMachine
	world *containers
	place byte // on each of the networks
}

// start starts an agent on a new machine, with what the one before has left in
// /data. It returns once it is at rest, or has ended.
func (w *containers) start(call agentCall) (process, error) {
	if call.proxy != "" {
		if _, err := w.openProxy(); err != nil { // whose machine is there, though no proxy may be
			return nil, err
		}
	}
	files, err := w.agentFiles(call)
	if err != nil {
		return nil, err
	}
	w.started++
	number, clock := w.manage()
	arguments := []string{"--token", "@/etc/token", "--settings", "/etc/settings.json", "--clock", clock}
	if call.proxy != "" {
		arguments = append(arguments, "--proxy", call.proxy)
	}
	machine, err := w.machines.Start(MachineCall{
		Name: fmt.Sprintf("agent%d", w.started), Program: "siem-agent", Management: number, Places: agentPlaces(firstAgent + number),
		Arguments: arguments, Files: files, State: agentState, Ports: []int{clockPort},
	})
	if err != nil {
		return nil, err
	}
	a := &contained{&steppedMachine{Machine: machine, name: call.name}, w, firstAgent + number}
	if err := w.reachable(a); err != nil {
		if _, ended, _ := machine.Ended(); !ended { // else its machine is away with it
			return nil, err
		}
	}
	w.agents = append(w.agents, a)
	welcome := stepped.Welcome{Ahead: call.ahead, Seed: call.seed, Machine: call.machine, Names: w.namesAt()}
	return a, errors.Join(w.join(a.steppedMachine, welcome), w.settle())
}

// reachable returns once the hosts and the agent's machine, whose program waits
// yet, reach one another.
func (w *containers) reachable(a *contained) error {
	var err error
	for _, h := range w.hosts {
		if !h.cut && !h.frozen && !h.over() {
			err = errors.Join(err, w.reach(h, Place{h.at.Network, a.place}))
		}
	}
	return err
}

// firstAgent is the place before the first agent's.
const firstAgent = 100

// agentState is the state that all agents share: their checkpoints are in
// folders of it.
const agentState = "agents"

// agentFiles are those that an agent is told of.
func (w *containers) agentFiles(call agentCall) (map[string][]byte, error) {
	settings := call.settings
	settings.CAFile = "/etc/service-ca.pem"
	files := map[string][]byte{"/etc/token": []byte(call.token), settings.CAFile: call.lab.service.authority()}
	if settings.TLS != nil {
		authority, err := w.receiver.authority()
		if err != nil {
			return nil, err
		}
		own := *settings.TLS
		own.CAFile = "/etc/receiver-ca.pem"
		settings.TLS = &own
		files[own.CAFile] = authority
	}
	text, err := json.Marshal(settings)
	files["/etc/settings.json"] = text
	return files, err
}

// damage does something to a checkpoint: another machine, which has the same
// state, does it.
func (w *containers) damage(directory, what string) error {
	w.started++
	number, _ := w.manage()
	machine, err := w.machines.Start(MachineCall{
		Name: fmt.Sprintf("checkpoint%d", w.started), Program: "host", Management: number,
		Arguments: []string{"checkpoint", directory, what}, State: agentState,
	})
	if err != nil {
		return err
	}
	machine.Await()
	status, _, err := machine.Ended()
	if err == nil && status != 0 {
		var said string
		_, said, err = machine.Printed()
		err = errors.Join(errors.New(said), err)
	}
	return err
}

func (p *contained) stop() error {
	if err := p.Terminate(); err != nil {
		return err
	}
	p.member.Signalled()
	ended, err := p.world.Until(p.over, stopLimit)
	if err == nil && !ended {
		err = fmt.Errorf("it runs still %s after it was asked to stop", stopLimit)
	}
	return err
}

func (p *contained) kill() error {
	return errors.Join(p.steppedMachine.kill(), p.world.settle())
}

func (p *contained) resume() error {
	return errors.Join(p.steppedMachine.resume(), p.world.settle())
}

func (p *contained) ended() bool { return p.over() }

func (p *contained) exitStatus() int {
	status, _, err := p.Ended()
	p.note(err)
	return status
}

func (p *contained) printed() string {
	_, text, err := p.Printed()
	p.note(err)
	return text
}

func (p *contained) why() string { return fmt.Sprintf("exit status %d", p.exitStatus()) }

// note keeps an error for the next command that may say it.
func (p *contained) note(err error) {
	if err != nil {
		p.world.problem = err
	}
}
