package simulator

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"slices"
	"strings"
	"time"
	"unicode"

	"siemdrill/fakecas"
)

// Live is a Lab on real processes that is played a command at a time, by
// whoever sits before it. One goroutine at a time may use it.
type Live struct {
	*Lab
	Runner Runner // OnProcesses, Foreign or Forwarder

	phase string // that the next command belongs to
	drawn []byte // the commands that its History has, as a script
}

// LiveOptions is what a Live is made of. The zero value will do.
type LiveOptions struct {
	Seed     uint64
	Agent    []string          // the command of a foreign agent; nil: ours
	OwnAgent bool              // somebody starts an agent of his own beside the Lab
	Files    map[string][]byte // that commands may name, such as agent.json
}

// NewLive builds a Lab on real processes: service and receiver are up, there is
// no agent yet. One at a time in a process.
func NewLive(o LiveOptions) (*Live, error) {
	runner, w, err := o.world()
	if err != nil {
		return nil, err
	}
	l := &Live{Lab: &Lab{Seed: o.Seed, History: &History{}}, Runner: runner}
	if err := l.build(w); err != nil {
		return nil, err
	}
	l.files = maps.Clone(o.Files)
	if l.files == nil {
		l.files = map[string][]byte{}
	}
	return l, nil
}

// world is the one that the options ask for.
func (o LiveOptions) world() (runner Runner, w world, err error) {
	switch {
	case o.OwnAgent:
		runner = Foreign
		w, err = newOwn()
	case len(o.Agent) == 0:
		runner = OnProcesses
		w, err = Options{}.world(runner)
	default:
		if runner, err = RunnerOf(o.Agent); err == nil {
			w, err = Options{Agent: o.Agent}.world(runner)
		}
	}
	if err == nil && runner != OnProcesses {
		const usual = 100 // Go's default: nothing is stepped here, so garbage may be collected whenever
		debug.SetGCPercent(usual)
	}
	return runner, w, err
}

// Stepped says whether the agent is told the time; else only the clock of the
// fakes is moved.
func (l *Live) Stepped() bool { return l.Runner == OnProcesses }

// Command is a line of a script that was read.
type Command struct {
	Text     string
	Asserts  bool          // it changes nothing
	Advances bool          // it does nothing but let time pass
	Lasts    time.Duration // that it lets pass if it is played now
	Within   time.Duration // of real time, where an agent can't be told the time; 0: Lasts

	negated bool
	step    step
}

// Read reads a command as it may stand in a script, "!" included. What is wrong
// with it, or what this Lab can't do, is one line.
func (l *Live) Read(line string) (Command, error) {
	line = strings.TrimSpace(line)
	if line == "" || strings.ContainsAny(line, "\r\n") || strings.HasPrefix(line, "#") {
		return Command{}, errors.New("expected one command, on one line")
	}
	s := &Script{File: "command", text: []byte(line + "\n"), files: l.files, features: map[feature]bool{}}
	if err := s.validate(); err != nil {
		if wrong := (*FileError)(nil); errors.As(err, &wrong) {
			return Command{}, errors.New(wrong.Reason)
		}
		return Command{}, err
	}
	if len(s.steps) != 1 {
		return Command{}, fmt.Errorf("%q: expected one command", line)
	}
	for _, f := range slices.Sorted(maps.Keys(s.features)) {
		if why, lacks := lacking[l.Runner][f]; lacks {
			return Command{}, fmt.Errorf("%s: %s", f, why)
		}
	}
	word := firstWord(line)
	c := Command{Text: line, step: s.steps[0], Lasts: s.lasts, Within: s.steps[0].real, negated: word == "!", Advances: word == "advance"}
	if to := c.step.to; to != nil {
		if t, err := to(l.Lab); err == nil {
			c.Lasts = max(0, t.Sub(l.Now()))
		}
	}
	c.Asserts = c.step.assert != nil || word == "check"
	return c, nil
}

// Outcome is what came of a command.
type Outcome struct {
	Holds bool   // what an assertion says; true for anything else
	Found string // what an assertion saw
}

// Play does what the command says, and notes it in the History. An error is that
// of an action: an assertion that doesn't hold is an Outcome.
func (l *Live) Play(c Command) (Outcome, error) {
	if !c.Advances {
		l.begin(c.Text)
	}
	return l.Ask(c)
}

// Ask is Play without a note.
func (l *Live) Ask(c Command) (Outcome, error) {
	if c.step.assert != nil {
		f := c.step.assert(l.Lab)
		return Outcome{f.holds != c.negated, f.found}, nil
	}
	judged := len(l.checks)
	err := c.step.do(l.Lab)
	if !c.Asserts {
		return Outcome{Holds: err == nil}, err
	}
	if err != nil {
		return Outcome{Found: err.Error()}, nil
	}
	var found []string
	for _, r := range l.checks[judged:] {
		found = append(found, r.Name+": "+r.Detail)
	}
	return Outcome{true, strings.Join(found, "; ")}, nil
}

// Phase begins a part of the story, as a comment in a script does.
func (l *Live) Phase(text string) { l.phase = text }

// begin notes that a command plays, and its phase if it is the first one of it.
func (l *Live) begin(line string) {
	if l.phase != "" {
		l.History.Append(Event{T: l.Now(), Source: FromScript, Kind: KindPhase, Detail: l.phase})
		l.drawn = append(l.drawn, "# "+l.phase+"\n"...)
		l.phase = ""
	}
	l.History.Append(Event{T: l.Now(), Source: FromScript, Kind: KindCommand, Detail: line})
	l.drawn = append(l.drawn, line+"\n"...)
}

// AddFile gives commands a file to name. One that is there stays as it is: what
// was played may have read it.
func (l *Live) AddFile(name string, data []byte) error {
	old, there := l.files[name]
	switch {
	case name == "" || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) || unicode.IsSpace(r) }):
		return fmt.Errorf("%q: expected a file's name, such as agent-2.json", name)
	case there && !bytes.Equal(old, data):
		return fmt.Errorf("the file %s is there already, and stays as it is: expected another name", name)
	}
	l.files[name] = data
	return nil
}

// Files are those that commands may name.
func (l *Live) Files() map[string][]byte { return maps.Clone(l.files) }

// Text is the script without the files that follow it.
func (s *Script) Text() string { return string(s.text) }

// Files are those that follow the script.
func (s *Script) Files() map[string][]byte { return maps.Clone(s.files) }

// Seen is what was seen so far, as a time line shows it; what the receiver keeps
// of each message is not in it.
func (l *Live) Seen() Run {
	return Run{
		Script:   &Script{ID: "live", File: "live", text: slices.Clone(l.drawn)},
		Result:   Result{V: 1, ID: "live", Runner: string(l.Runner), Seed: l.Seed},
		Start:    l.Start,
		Evidence: l.evidence(),
	}
}

// Assumptions says whether what the harness claims to have done has happened,
// which every script is asked at its end.
func (e Evidence) Assumptions() (ok bool, detail string) { return checkAssumptions(e) }

// AgentNow is an agent as it is now.
type AgentNow struct {
	fakecas.AgentView // zero once it was deleted
	Name              string
	Started           bool
	Running           bool
	Process           string // how its process is, in words
}

// Agents are those of the portal, by name.
func (l *Live) Agents() []AgentNow {
	var all []AgentNow
	for _, name := range slices.Sorted(maps.Keys(l.agents)) {
		run := l.lastRun(name)
		all = append(all, AgentNow{l.view(name), name, run != nil, run != nil && !run.ended(), run.String()})
	}
	return all
}

// Reach is what an agent of somebody's own has to be told.
type Reach struct {
	Service  string // URL of the API
	Receiver string // address and port of the syslog server
	CA       []byte // PEM: who signs the service's certificate
}

// Reach is where an agent finds this Lab.
func (l *Live) Reach() Reach {
	return Reach{l.serviceURL(), fmt.Sprintf("%s:%d", l.world.host("syslog"), l.world.port(receiverPort)), l.CAS.CAPEM()}
}

// Checkers are those that "check" knows.
func Checkers() []string { return slices.Sorted(maps.Keys(checkers())) }

// quoted is word as a script has to write it.
func quoted(word string) string {
	if word != "" && !strings.ContainsFunc(word, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune("'$#&", r) }) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", "''") + "'"
}
