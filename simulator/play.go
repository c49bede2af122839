package simulator

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"time"

	"rsc.io/script"

	"siemdrill/simulator/peer"
)

// Options is how a script is played. The zero value will do.
type Options struct {
	Seed  uint64                  // of every random choice
	Now   *atomic.Pointer[string] // always names the command that is playing; may be nil
	Agent []string                // the command of a Foreign agent, or the name of a Forwarder: see RunnerOf
	// Machines makes those of InContainers; nil: there are none.
	Machines func() (Machines, error)
	History  io.Writer // gets the History, one Event a line; may be nil
	Run      *Run      // gets everything that was seen; may be nil
}

// Play plays the script in a new Lab and judges it. Call it in a Bubble. A
// failure is in the Result; an error means that the Lab could not be built, or
// not be taken down.
func (s *Script) Play(o Options) (Result, error) {
	lab, err := NewLab(o.Seed)
	if err != nil {
		return s.result(InBubble, o), err
	}
	return s.play(lab, s.result(InBubble, o), o)
}

// playOnProcesses does what Play does with agents in processes of their own: the
// agent's command, or a foreign one. One at a time in a process.
func (s *Script) playOnProcesses(r Runner, o Options) (Result, error) {
	w, err := o.world(r)
	var missing *peer.Missing
	if errors.As(err, &missing) {
		return s.result(r, o).skipped(err.Error()), nil
	}
	if err != nil {
		return s.result(r, o), err
	}
	lab := &Lab{Seed: o.Seed, History: &History{}}
	if err := lab.build(w); err != nil {
		return s.result(r, o), err
	}
	return s.play(lab, s.result(r, o), o)
}

func (o Options) world(r Runner) (world, error) {
	switch r {
	case Foreign:
		return newForeignWithNames(o.Agent)
	case Forwarder:
		return newForwarders(o.Agent)
	}
	binary, err := AgentBinary()
	if err != nil {
		return nil, err
	}
	return newProcesses(binary, labStart)
}

// result is that of a script of which nothing is known yet.
func (s *Script) result(runner Runner, o Options) Result {
	return Result{V: 1, ID: s.ID, Title: s.Title, Runner: string(runner), Seed: o.Seed, Verdict: Passed}
}

func (s *Script) play(lab *Lab, r Result, o Options) (Result, error) {
	lab.files = s.files
	p := &player{script: s, lab: lab, now: o.Now}
	err := p.play()
	if err == nil {
		err = p.judgeHarness()
	}
	r.VirtualS = lab.Now().Sub(lab.Start).Seconds()
	r.Checks = lab.checks
	line := failedLine(err)
	if err != nil {
		r.Verdict, r.Reason, err = Failed, p.reason(err), nil
	}
	if o.Run != nil {
		*o.Run = Run{Result: r, Script: s, Line: line}
		o.Run.see(lab)
	}
	if o.History != nil {
		_, err = lab.History.WriteTo(o.History)
	}
	return r, errors.Join(err, lab.Close())
}

// player plays one script in one Lab.
type player struct {
	script *Script
	lab    *Lab
	now    *atomic.Pointer[string]
	played int    // commands so far, the one that plays included
	phase  string // that the one that plays belongs to
	seen   string // what the last assertion found
}

func (p *player) play() error {
	engine := &script.Engine{Cmds: map[string]script.Cmd{}}
	for name, c := range commands() {
		engine.Cmds[name] = playing{p, name, c}
	}
	return p.script.execute(engine, bytes.NewReader(p.script.text), func(err error) error { return err })
}

// judgeHarness ends every script: what the harness claims to have done must
// have happened, else no verdict of the script means anything.
func (p *player) judgeHarness() error {
	return p.lab.Check()
}

// playing is a command that does what it says.
type playing struct {
	player  *player
	name    string
	command command
}

func (c playing) Usage() *script.CmdUsage { return c.command.usage() }

func (c playing) Run(_ *script.State, args ...string) (script.WaitFunc, error) {
	p := c.player
	line := strings.Join(append([]string{c.name}, args...), " ")
	if p.now != nil {
		p.now.Store(&line)
	}
	st, err := c.command.parse(args)
	if err != nil {
		return nil, err
	}
	p.begin(line)
	if st.do != nil {
		return nil, st.do(p.lab)
	}
	if w, ok := p.lab.world.(*containers); ok {
		if err := w.settle(); err != nil {
			return nil, err
		}
	}
	f := st.assert(p.lab)
	p.seen = f.found
	if !f.holds {
		return nil, errors.New(f.found)
	}
	return nil, nil
}

// The kinds of the script's own events.
const (
	KindPhase   = "phase"   // Detail is what the comments above the next commands say
	KindCommand = "command" // Detail is the command
)

// begin notes that a command plays, and a phase if it is the first one of it.
func (p *player) begin(line string) {
	p.played++
	if phase := p.script.phase(p.script.line(p.played)); phase != p.phase {
		p.phase = phase
		p.lab.History.Append(Event{T: p.lab.Now(), Source: FromScript, Kind: KindPhase, Detail: phase})
	}
	p.lab.History.Append(Event{T: p.lab.Now(), Source: FromScript, Kind: KindCommand, Detail: line})
}

// eventsShown is how many events before a failure its reason shows.
const eventsShown = 5

// reason says where a script failed, what was wanted, what was there, and what
// happened just before.
func (p *player) reason(err error) string {
	var b strings.Builder
	var c *script.CommandError
	if !errors.As(err, &c) {
		fmt.Fprintf(&b, "  %s: %v\n", p.script.File, err)
	} else {
		line, negation, found := strings.Join(append([]string{c.Op}, c.Args...), " "), "", c.Err.Error()
		if errors.Is(c.Err, script.ErrUnexpectedSuccess) {
			negation, found = "! ", p.seen
		}
		fmt.Fprintf(&b, "  phase:   %s\n", p.script.phase(c.Line))
		fmt.Fprintf(&b, "  wanted:  %s%s (%s:%d)\n", negation, line, p.script.File, c.Line)
		fmt.Fprintf(&b, "  found:   %s\n", found)
	}
	b.WriteString("  before:")
	for _, e := range lastEvents(p.lab.History.Events(), eventsShown) {
		fmt.Fprintf(&b, "\n    %s", e)
	}
	return b.String()
}

// lastEvents is the n events before the failing command.
func lastEvents(all []Event, n int) []Event {
	var last []Event
	for i := len(all) - 1; i >= 0 && len(last) < n; i-- {
		if all[i].Source != FromChecker && all[i].Source != FromScript {
			last = append([]Event{all[i]}, last...)
		}
	}
	return last
}

// String is e as a person reads it.
func (e Event) String() string {
	s := fmt.Sprintf("%s %-7s %s", e.T.Format(time.DateTime+".000"), e.Source, e.Kind)
	for _, field := range []string{e.Record, e.Connection, e.Detail} {
		if field != "" {
			s += " " + field
		}
	}
	return s
}
