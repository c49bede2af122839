package live

import (
	"context"
	"errors"
	"strings"
	"time"

	"siemdrill/simulator"
)

// Options is what a Session is made of.
type Options struct {
	Seed     uint64
	Agent    []string          // a foreign agent's command; nil: ours
	OwnAgent bool              // somebody starts his own agent beside the Lab
	Script   *simulator.Script // played first; nil: the agent is started, and that is all
	Files    map[string][]byte // that commands may name; nil: those of Script
	Speed    int               // of the clock, 1 to 3600; 0: 1
	Paused   bool              // the clock stands still at first
	Opened   func(error)       // called when that was played, or could not be; may be nil
}

// Session is a live Lab and the goroutine that owns it, which is Run's. Whatever
// somebody does is sent there and done between two steps of time: one thing
// after the other, at the Lab's time as it then is.
type Session struct {
	lab      *simulator.Live
	options  Options
	recorder Recorder
	pace     Pace
	jump     *jump  // that is under way; nil: none
	opening  string // what is played before anybody can do anything; empty: no longer
	problem  string // why time stands still, if it is not on purpose

	commands chan func() // not while a jump is under way
	asides   chan func() // between any two steps
	over     chan struct{}
	news     news
}

// New builds the Lab. Run plays it.
func New(o Options) (*Session, error) {
	if o.Speed == 0 {
		o.Speed = slowest
	}
	s := &Session{options: o, commands: make(chan func()), asides: make(chan func()), over: make(chan struct{})}
	if err := s.pace.SetSpeed(o.Speed); err != nil {
		return nil, err
	}
	files := o.Files
	if files == nil && o.Script != nil {
		files = o.Script.Files()
	}
	var err error
	s.lab, err = simulator.NewLive(simulator.LiveOptions{Seed: o.Seed, Agent: o.Agent, OwnAgent: o.OwnAgent, Files: files})
	return s, err
}

// Close closes the Lab of a Session that was never Run.
func (s *Session) Close() error { return s.lab.Close() }

// ErrOver is what is answered once Run has ended.
var ErrOver = errors.New("the Lab is closed")

// Run owns the Lab until ctx ends, then closes it. It returns what went wrong
// while closing.
func (s *Session) Run(ctx context.Context) error {
	defer close(s.over)
	s.pace.Paused, s.opening = true, "the opening"
	go s.open(ctx)
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	last := time.Now()
	for {
		if s.jump != nil {
			select {
			case <-ctx.Done():
			case f := <-s.asides:
				f()
			default:
				s.leap()
				last = time.Now()
				continue
			}
		} else {
			select {
			case <-ctx.Done():
			case f := <-s.asides:
				f()
			case f := <-s.commands:
				f()
			case <-ticker.C:
				now := time.Now() // the ticker's own may be older than the end of a jump
				s.step(now.Sub(last))
				last = now
			}
		}
		if ctx.Err() != nil {
			return s.lab.Close()
		}
	}
}

// step lets time pass, now that elapsed of real time did, or no time: then it is
// only seen to it that everybody is at rest.
func (s *Session) step(elapsed time.Duration) {
	if s.pace.Paused {
		elapsed = 0
	}
	d := s.pace.Steps(elapsed)
	s.pass(d, time.Nanosecond)
	s.had(0, elapsed)
	if d > 0 {
		s.news.tell()
	}
}

// pass lets d pass, within so much real time if the agent can't be told the
// time.
func (s *Session) pass(d, within time.Duration) {
	before := s.lab.Now()
	err := s.lab.AdvanceWithin(d, within)
	s.had(s.lab.Now().Sub(before), 0)
	if err != nil {
		s.stop(err)
	}
}

// had notes that time passed, and how much of it an agent had that can't be told.
func (s *Session) had(virtual, real time.Duration) {
	if s.lab.Stepped() {
		real = 0
	}
	s.recorder.Pass(virtual, real)
}

// stop makes time stand still, and says why.
func (s *Session) stop(err error) {
	s.problem, s.pace.Paused = err.Error(), true
	s.endJump(err)
	s.news.tell()
}

// send has f done by Run, and returns when it was, or is certain to be.
func (s *Session) send(ctx context.Context, to chan func(), f func()) error {
	done := make(chan struct{})
	select {
	case to <- func() { defer close(done); f() }:
		<-done
		return nil
	case <-s.over:
		return ErrOver
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Answer is what came of a command.
type Answer struct {
	At    time.Time `json:"at"`              // the Lab's time when it was done
	Line  int       `json:"line,omitempty"`  // its number among those that were recorded; 0: it was not
	Asked bool      `json:"asked,omitempty"` // it is an assertion
	Holds bool      `json:"holds"`           // false: it is an assertion that does not hold
	Found string    `json:"found,omitempty"` // what it saw
}

// Command plays a line of a script, or begins a part of the story with one that
// starts with "#". An action is recorded if it succeeds; an assertion with its
// verdict, unless it is only asked. "advance" returns when the time has passed.
func (s *Session) Command(ctx context.Context, line string, ask bool) (Answer, error) {
	var answer Answer
	var failed error
	var jumping *jump
	err := s.send(ctx, s.commands, func() { answer, jumping, failed = s.do(line, ask) })
	if err == nil {
		err = failed
	}
	if err != nil || jumping == nil {
		return answer, err
	}
	select {
	case <-jumping.done:
	case <-s.over:
		return answer, ErrOver
	}
	return Answer{At: jumping.at, Holds: true}, jumping.err
}

func (s *Session) do(line string, ask bool) (Answer, *jump, error) {
	defer s.news.tell()
	line = strings.TrimSpace(line)
	if isComment(line) {
		return s.comment(line), nil, nil
	}
	c, err := s.lab.Read(line)
	if err != nil {
		return Answer{}, nil, err
	}
	if c.Advances && c.Lasts > 0 {
		s.jump = newJump(c, s.lab.Stepped())
		return Answer{}, s.jump, nil
	}
	before, began := s.lab.Now(), time.Now()
	if ask && c.Asserts {
		out, err := s.lab.Ask(c)
		return Answer{At: before, Asked: true, Holds: out.Holds, Found: out.Found}, nil, err
	}
	out, err := s.lab.Play(c)
	if err != nil || c.Advances {
		s.had(s.lab.Now().Sub(before), time.Since(began))
		return Answer{At: s.lab.Now(), Holds: true}, nil, err
	}
	l := Line{Text: c.Text, At: before, Asserts: c.Asserts, Found: out.Found}
	if c.Asserts {
		l.Verdict = simulator.Passed
		if !out.Holds {
			l.Verdict = simulator.Failed
		}
	}
	return Answer{At: before, Line: s.recorder.Add(l), Asked: c.Asserts, Holds: out.Holds, Found: out.Found}, nil, nil
}

func (s *Session) comment(line string) Answer {
	text := oneLine(strings.TrimLeft(line, "#"))
	s.lab.Phase(text)
	now := s.lab.Now()
	return Answer{At: now, Line: s.recorder.Add(Line{Text: "# " + text, At: now, Asserts: true}), Holds: true}
}

// Clock is a change of the clock: nil leaves something as it is.
type Clock struct {
	Speed  *int  `json:"speed"`
	Paused *bool `json:"paused"`
}

// SetClock changes the clock at once; to pause ends a jump where it is.
func (s *Session) SetClock(ctx context.Context, c Clock) error {
	var failed error
	err := s.send(ctx, s.asides, func() {
		if c.Speed != nil {
			if failed = s.pace.SetSpeed(*c.Speed); failed != nil {
				return
			}
		}
		if c.Paused != nil {
			s.pace.Paused, s.problem = *c.Paused, ""
			if *c.Paused {
				s.endJump(errPaused)
			}
		}
		s.news.tell()
	})
	return errors.Join(err, failed)
}

// Remove takes an assertion or a comment out of what was recorded.
func (s *Session) Remove(ctx context.Context, n int) error {
	var failed error
	err := s.send(ctx, s.asides, func() {
		failed = s.recorder.Remove(n)
		s.news.tell()
	})
	return errors.Join(err, failed)
}

// AddFile gives commands a file to name.
func (s *Session) AddFile(ctx context.Context, name string, data []byte) error {
	var failed error
	err := s.send(ctx, s.asides, func() {
		failed = s.lab.AddFile(name, data)
		s.news.tell()
	})
	return errors.Join(err, failed)
}

// Stepped says whether the agent is told the time; else only the clock of the
// fakes is moved.
func (s *Session) Stepped() bool { return s.lab.Stepped() }

// OwnAgent says whether somebody starts his own agent beside the Lab.
func (s *Session) OwnAgent() bool { return s.options.OwnAgent }

// Reach is what an agent of somebody's own has to be told.
func (s *Session) Reach() simulator.Reach { return s.lab.Reach() }

var errPaused = errors.New("the clock was paused")
