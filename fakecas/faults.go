package fakecas

import (
	"cmp"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// effect is what a fault does, at each point where it can act. A nil field
// leaves that point alone. A fault's file fills in what it needs; the engine
// asks for nothing else.
type effect struct {
	inject func(*Server) (hit string, err error) // as it takes hold; hit says what it broke
	heal   func(*Server) error                   // as it ends

	accept    func(*connection)                // a connection came in
	handshake func(*Server, *tls.Config) error // TLS begins
	request   func(*exchange) *answer          // a request was read; nil: it goes on
	query     func(*exchange, *query)          // a list or scan is about to be answered
	page      func(*page)                      // it was found
	answer    func(*answer)                    // an answer is about to be written
}

// standing is a fault that holds.
type standing struct {
	Fault
	effect effect
	seen   int // what it could have hit
	hits   int
	stop   func() bool // of the timer of For; nil: none
}

// faults are the faults of one server. What they do is done without the lock.
type faults struct {
	server *Server

	mu     sync.Mutex
	list   []*standing
	lastID int
}

// Validate says what is wrong with f, and what was expected there.
func (f Fault) Validate() error {
	_, err := f.effect()
	return err
}

// effect makes what the fault does.
func (f Fault) effect() (effect, error) {
	kind, ok := faultKinds()[f.Name]
	if !ok {
		return effect{}, fmt.Errorf("fault %q: unknown; expected one of %s", f.Name, strings.Join(FaultNames(), ", "))
	}
	if f.First < 0 || f.Every < 0 || f.After < 0 || f.For < 0 {
		return effect{}, fmt.Errorf("fault %s: first, every, after and for: expected 0 or more", f.Name)
	}
	if err := validateWhere(f.Where); err != nil {
		return effect{}, fmt.Errorf("fault %s: where: %w", f.Name, err)
	}
	a := &arguments{given: f.Args, seed: f.Seed}
	e := kind.make(a)
	if err := a.check(kind.args); err != nil {
		return effect{}, fmt.Errorf("fault %s: %w", f.Name, err)
	}
	perRequest := e.request != nil || e.query != nil || e.page != nil || e.answer != nil
	perConnection := e.accept != nil || e.handshake != nil
	if !perRequest && (f.Where != "" || f.Target != "") {
		return effect{}, fmt.Errorf("fault %s: where and target: expected none, it hits connections before a request is read", f.Name)
	}
	if !perRequest && !perConnection && (f.First != 0 || f.Every != 0 || f.After != 0) {
		return effect{}, fmt.Errorf("fault %s: first, every and after: expected none, it holds from injection to healing", f.Name)
	}
	return e, nil
}

func validateWhere(where string) error {
	if where == "" || strings.HasPrefix(where, "/") {
		return nil
	}
	var names []string
	for _, e := range endpoints {
		if string(e.name) == where {
			return nil
		}
		if !slices.Contains(names, string(e.name)) {
			names = append(names, string(e.name))
		}
	}
	return fmt.Errorf("%q: expected a path that begins with /, or one of %s", where, strings.Join(names, ", "))
}

// Inject makes a fault take hold and returns its id.
func (s *Server) Inject(f Fault) (id string, err error) {
	e, err := f.effect()
	if err != nil {
		return "", err
	}
	defer s.feed.deliver()
	fs := &s.faults
	st := &standing{Fault: f, effect: e}
	fs.mu.Lock()
	if st.ID == "" {
		fs.lastID++
		st.ID = "f" + strconv.Itoa(fs.lastID)
	}
	if slices.ContainsFunc(fs.list, func(o *standing) bool { return o.ID == st.ID }) {
		fs.mu.Unlock()
		return "", fmt.Errorf("fault %s: id %q: holds already", f.Name, st.ID)
	}
	fs.list = append(fs.list, st)
	s.noteFault(KindFaultInjected, st, f.settings(), "")
	fs.mu.Unlock()
	if err := s.takeHold(st); err != nil {
		return "", fmt.Errorf("fault %s: %w", f.Name, err)
	}
	if f.For > 0 {
		fs.mu.Lock()
		st.stop = s.clock().AfterFunc(f.For, func() {
			defer s.feed.deliver()
			_ = s.heal(st, "its time is over")
		})
		fs.mu.Unlock()
	}
	return st.ID, nil
}

// takeHold does what a fault does once, at its injection.
func (s *Server) takeHold(st *standing) error {
	if st.effect.inject == nil {
		return nil
	}
	hit, err := st.effect.inject(s)
	switch {
	case err != nil:
		s.faults.remove(st)
		s.noteFault(KindFaultHealed, st, "it could not take hold", "")
	case hit != "":
		s.noteFault(KindFaultHit, st, hit, "")
	}
	return err
}

// Heal ends the fault with that id, or every fault of that name. One that
// doesn't hold is an error.
func (s *Server) Heal(idOrName string) error {
	defer s.feed.deliver()
	var errs []error
	ended := s.faults.standing(func(st *standing) bool { return st.ID == idOrName || st.Name == idOrName })
	for _, st := range ended {
		errs = append(errs, s.heal(st, "healed"))
	}
	if len(ended) == 0 {
		return fmt.Errorf("fault %q: does not hold", idOrName)
	}
	return errors.Join(errs...)
}

// HealAll ends every fault.
func (s *Server) HealAll() {
	defer s.feed.deliver()
	for _, st := range s.faults.standing(func(*standing) bool { return true }) {
		_ = s.heal(st, "healed")
	}
}

// Faults returns the faults that hold, in order of injection.
func (s *Server) Faults() []Fault {
	var list []Fault
	for _, st := range s.faults.standing(func(*standing) bool { return true }) {
		list = append(list, st.Fault)
	}
	return list
}

// heal ends one fault, once, and undoes what it does.
func (s *Server) heal(st *standing, why string) error {
	if !s.faults.remove(st) {
		return nil
	}
	var err error
	if st.effect.heal != nil {
		err = st.effect.heal(s)
	}
	s.noteHealed(st, why)
	return err
}

// spend ends a fault that had its last hit. What it did to those that it hit
// stays done.
func (s *Server) spend(st *standing) {
	if s.faults.remove(st) {
		s.noteHealed(st, "had its last hit")
	}
}

func (s *Server) noteHealed(st *standing, why string) {
	s.noteFault(KindFaultHealed, st, why+", hits: "+strconv.Itoa(st.hits), "")
}

func (s *Server) noteFault(kind string, st *standing, what, connection string) {
	detail := strings.TrimSpace(st.Name + " " + what)
	s.feed.note(Event{Time: s.clock().Now(), Kind: kind, Connection: connection, Record: st.ID, Detail: detail})
}

// settings describes a fault beyond its name, in one line.
func (f Fault) settings() string {
	f.ID, f.Name = "", ""
	raw, err := json.Marshal(f)
	if err != nil || string(raw) == "{}" {
		return ""
	}
	return string(raw)
}

func (fs *faults) standing(which func(*standing) bool) []*standing {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	var list []*standing
	for _, st := range fs.list {
		if which(st) {
			list = append(list, st)
		}
	}
	return list
}

// remove takes a fault from the list and reports whether it was there.
func (fs *faults) remove(st *standing) bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	before := len(fs.list)
	fs.list = slices.DeleteFunc(fs.list, func(o *standing) bool { return o == st })
	if st.stop != nil {
		st.stop()
		st.stop = nil
	}
	return len(fs.list) < before
}

// strike returns the effects that hit now, of those that act at a point and
// whose fault applies. Each is counted and noted; one that had its last hit
// ends.
func (fs *faults) strike(acts func(*effect) bool, applies func(*standing) bool, what, connection string) []effect {
	fs.mu.Lock()
	var hit, spent []*standing
	for _, st := range fs.list {
		if !acts(&st.effect) || !applies(st) {
			continue
		}
		st.seen++
		n := st.seen - st.After
		if n <= 0 || n%cmp.Or(st.Every, 1) != 0 || st.First > 0 && st.hits >= st.First {
			continue
		}
		st.hits++
		hit = append(hit, st)
		fs.server.noteFault(KindFaultHit, st, what, connection)
		if st.hits == st.First {
			spent = append(spent, st)
		}
	}
	fs.mu.Unlock()
	for _, st := range spent {
		fs.server.spend(st)
	}
	effects := make([]effect, len(hit))
	for i, st := range hit {
		effects[i] = st.effect
	}
	return effects
}

// any reports whether a fault holds at all, so that the usual request is not
// burdened.
func (fs *faults) any() bool {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return len(fs.list) > 0
}
