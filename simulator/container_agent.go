package simulator

import (
	"errors"
	"fmt"
)

// contained is an agent on a machine of its own.
type contained struct {
	world   *containers
	machine Machine
}

func (p *contained) stop() error {
	return errors.Join(p.machine.Stop(), p.world.settle())
}

func (p *contained) kill() error {
	return errors.Join(p.machine.Kill(), p.world.settle())
}

func (p *contained) pause() error  { return p.machine.Pause() }
func (p *contained) resume() error { return p.machine.Resume() }

func (p *contained) ended() bool {
	_, ended, err := p.machine.Ended()
	p.note(err)
	return ended
}

func (p *contained) exitStatus() int {
	status, _, err := p.machine.Ended()
	p.note(err)
	return status
}

func (p *contained) printed() string {
	_, text, err := p.machine.Printed()
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
