package live

import (
	"context"
	"time"

	"siemdrill/simulator"
)

// State is everything that the page shows, but for the time line and the
// History.
type State struct {
	V       int               `json:"v"` // version of the format: 1
	Now     time.Time         `json:"now"`
	Start   time.Time         `json:"start"`
	Runner  simulator.Runner  `json:"runner"`
	Seed    uint64            `json:"seed"`
	Clock   ClockState        `json:"clock"`
	Agents  []Agent           `json:"agents"`
	Records Records           `json:"records"`
	Faults  []Standing        `json:"faults"` // those that stand
	Script  []Line            `json:"script"`
	Files   []string          `json:"files"`
	Verdict simulator.Verdict `json:"verdict"` // that a replay would have if it ended now
	Why     string            `json:"why"`
	Events  int               `json:"events"` // in the History
}

// ClockState is the clock as it is.
type ClockState struct {
	Speed   int    `json:"speed"`
	Paused  bool   `json:"paused"`
	Behind  bool   `json:"behind"`            // time goes slower than that: the machine can't keep up
	Jump    string `json:"jump,omitempty"`    // what is left of one that is under way
	Opening string `json:"opening,omitempty"` // what is played before the clock goes
	Problem string `json:"problem,omitempty"` // why it stands still, if nobody wanted that
}

// Agent is one of the portal's.
type Agent struct {
	Name          string         `json:"name"`
	Token         string         `json:"token"`
	Status        string         `json:"status"`
	LastContact   *time.Time     `json:"lastContact"` // null: never
	Process       string         `json:"process"`
	Running       bool           `json:"running"`
	Notifications []Notification `json:"notifications"`
}

// Notification is one that the portal shows of an agent.
type Notification struct {
	ID       string     `json:"id"`
	Since    time.Time  `json:"since"`
	Resolved *time.Time `json:"resolved"` // null: it is open
	Detail   string     `json:"detail"`
}

// Records counts what became of the tenant's records, as the checker no-loss
// sees it.
type Records struct {
	Created    int `json:"created"`
	Arrived    int `json:"arrived"`
	Missing    int `json:"missing"`    // due, and not there
	Young      int `json:"young"`      // may still be under way
	NotDue     int `json:"notDue"`     // made more than two days before the first contact
	Twice      int `json:"twice"`      // lines of records that had arrived before
	Unexpected int `json:"unexpected"` // lines of records that the tenant doesn't hold
}

// State is the Lab's as it is now.
func (s *Session) State(ctx context.Context) (State, error) {
	var st State
	err := s.send(ctx, s.asides, func() { st = s.state() })
	return st, err
}

// seen is everything that was seen so far.
func (s *Session) seen(ctx context.Context) (simulator.Run, error) {
	var run simulator.Run
	err := s.send(ctx, s.asides, func() { run = s.lab.Seen() })
	return run, err
}

func (s *Session) state() State {
	seen := s.lab.Seen()
	st := State{
		V: 1, Now: s.lab.Now(), Start: s.lab.Start, Runner: s.lab.Runner, Seed: s.lab.Seed,
		Clock:   ClockState{Speed: s.pace.Speed, Paused: s.pace.Paused, Behind: s.pace.Behind, Opening: s.opening, Problem: s.problem},
		Agents:  []Agent{},
		Records: recordsOf(seen.Evidence),
		Faults:  append(faultsOf(s.lab, seen.Evidence.Events), disturbances(s.recorder.Lines())...),
		Script:  append([]Line{}, s.recorder.Lines()...),
		Files:   sortedNames(s.lab.Files()),
		Events:  len(seen.Evidence.Events),
	}
	if s.jump != nil {
		st.Clock.Jump = short(s.jump.left)
	}
	for _, a := range s.lab.Agents() {
		st.Agents = append(st.Agents, agentOf(a))
	}
	st.Verdict, st.Why = s.verdict(seen.Evidence)
	return st
}

// verdict is the one that a replay would have if it ended now.
func (s *Session) verdict(e simulator.Evidence) (simulator.Verdict, string) {
	if l, failed := s.recorder.Failed(); failed {
		return simulator.Failed, l.Text + ": " + l.Found
	}
	if ok, why := e.Assumptions(); !ok {
		return simulator.Failed, why
	}
	return simulator.Passed, ""
}

func recordsOf(e simulator.Evidence) Records {
	a := e.Account()
	return Records{Created: len(e.Ledger), Arrived: a.Arrived, Missing: len(a.Lost), Young: a.Young, NotDue: a.NotDue,
		Twice: len(a.Again), Unexpected: len(a.Unexpected)}
}

func agentOf(a simulator.AgentNow) Agent {
	shown := Agent{Name: a.Name, Token: a.Token, Status: a.Status.String(), LastContact: orNull(a.LastContact),
		Process: a.Process, Running: a.Running, Notifications: []Notification{}}
	if a.ID == "" {
		shown.Status = "deleted"
	}
	for _, n := range a.Notifications {
		shown.Notifications = append(shown.Notifications, Notification{string(n.ID), n.Since, orNull(n.Resolved), n.Detail})
	}
	return shown
}

func orNull(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
