package stepped

import (
	"sync"
	"time"
)

// Membership is a Party whose coordinator is in another process.
type Membership struct {
	*Party
	Welcome Welcome

	line    *Line
	changed chan struct{}

	mu       sync.Mutex
	seq      uint64 // of the last Grant or Answer
	asked    uint64
	awaiting map[uint64]chan Answer
	known    map[string]bool // names that were asked for
}

// Join asks a coordinator to step this process's time: the one at unix:PATH or
// at the address and port of a loopback interface, or, with listen: before an
// address and port, the first one that comes there within a minute of real time;
// that address must be a loopback or a private one. Anything else is an error,
// since whoever is at the other end holds the process's clock. When the
// coordinator goes, lost is called once.
func Join(address string, lost func(error)) (*Membership, error) {
	m := &Membership{Party: &Party{}, changed: make(chan struct{}, 1),
		awaiting: map[uint64]chan Answer{}, known: map[string]bool{}}
	m.Changed = func() {
		select {
		case m.changed <- struct{}{}:
		default:
		}
	}
	if err := m.meet(address); err != nil {
		return nil, err
	}
	if _, err := m.Calibrate(); err != nil { // for as long as the process lives
		m.line.Close()
		return nil, err
	}
	go m.report()
	go func() { lost(m.obey()) }()
	return m, nil
}

// obey does what the coordinator says until it is gone.
func (m *Membership) obey() error {
	for {
		var said ToParty
		if err := m.line.Hear(&said); err != nil {
			return err
		}
		switch {
		case said.Grant != nil:
			if err := m.follow(*said.Grant); err != nil {
				return err
			}
		case said.Answer != nil:
			m.take(*said.Answer)
			m.saw(said.Answer.Seq)
			m.change(func() {})
		}
	}
}

// follow does what a grant says. A time that moves wakes nobody up, so it is no
// change that would have to be reported.
func (m *Membership) follow(g Grant) error {
	m.saw(g.Seq)
	m.Move(g.Now)
	switch g.Do {
	case Move:
		return m.line.Say(ToCoordinator{Seen: g.Seq})
	case Fire:
		m.Fire()
	}
	m.change(func() {})
	return nil
}

// saw notes which message was the last.
func (m *Membership) saw(seq uint64) {
	m.mu.Lock()
	m.seq = seq
	m.mu.Unlock()
}

func (m *Membership) take(a Answer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if answer := m.awaiting[a.ID]; answer != nil {
		delete(m.awaiting, a.ID)
		answer <- a
	}
}

// restLimit is how long, in real time, a party may be restless before it says
// why, for whoever has to find out.
const restLimit = 5 * time.Second

// restPause is how long it waits, in real time, when it could not find out.
const restPause = 10 * time.Millisecond

// report tells the coordinator each time that the party has come to rest.
func (m *Membership) report() {
	told := ^uint64(0)
	for range m.changed {
		changes := m.Changes() // before seq: what is seen in between is a change that is still to be told
		m.mu.Lock()
		seq := m.seq
		m.mu.Unlock()
		if changes == told {
			continue
		}
		if err := m.Rest(restLimit); err != nil {
			if m.line.Say(ToCoordinator{Restless: err.Error()}) != nil {
				return
			}
			time.Sleep(restPause)
			m.Changed() // it is tried again
			continue
		}
		state, same := m.State(changes)
		if !same {
			continue // a change is told already, so this is tried again
		}
		told = changes
		if m.line.Say(ToCoordinator{Report: &Report{seq, state}}) != nil {
			return
		}
	}
}
