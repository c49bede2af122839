package simulator

import "errors"

// own is the world of a Lab beside which somebody starts an agent of his own. As
// for any foreign agent, only the clock of the fakes is moved.
type own struct{ *foreign }

// newOwn makes one without names: nobody can tell that agent what they mean.
func newOwn() (*own, error) {
	w, err := newForeign(nil)
	return &own{w}, err
}

func (w *own) start(agentCall) (process, error) { return &somebodys{}, nil }

// somebodys is an agent that somebody else starts and ends: "agent start" says
// when, so that a script that was recorded starts one too.
type somebodys struct{ over bool }

var errSomebodys = errors.New("the agent is not the Lab's: do it yourself, where you started it")

func (p *somebodys) stop() error     { p.over = true; return nil }
func (p *somebodys) kill() error     { p.over = true; return nil }
func (p *somebodys) pause() error    { return errSomebodys }
func (p *somebodys) resume() error   { return errSomebodys }
func (p *somebodys) ended() bool     { return p.over }
func (p *somebodys) exitStatus() int { return 0 }
func (p *somebodys) printed() string { return "" }
func (p *somebodys) why() string     { return "" }
