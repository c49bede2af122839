package fakesyslog

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// Inject makes the server misbehave until the fault is healed. It returns the
// fault's id once the fault has taken hold: a dial after Inject of refuse is
// refused.
func (s *Server) Inject(f Fault) (id string, err error) {
	effect, inBytes, err := f.build()
	if err != nil {
		return "", err
	}
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	if f.Seed == 0 {
		f.Seed = s.Seed
	}
	in := &injection{Fault: f, effect: effect, inBytes: inBytes, sights: map[*conn]*sight{}}
	if err := s.admit(in); err != nil {
		return "", err
	}
	if f.For > 0 {
		stop := s.clock().AfterFunc(f.For, func() { s.healAfter(in) })
		s.mu.Lock()
		in.stop = stop
		s.mu.Unlock()
	}
	return in.ID, s.changed()
}

// admit adds an injection to the active ones.
func (s *Server) admit(in *injection) error {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed
	}
	if in.ID == "" {
		s.lastID++
		in.ID = fmt.Sprintf("%s-%d", in.Name, s.lastID)
	}
	for _, other := range s.active {
		if other.ID == in.ID {
			return fmt.Errorf("fault %s: id %s is already in use", in.Name, in.ID)
		}
	}
	in.since = now
	for _, c := range s.standing() {
		in.see(c)
	}
	s.setActive(append(slices.Clone(s.active), in))
	s.note(Event{Time: now, Kind: KindFaultInjected, Record: in.ID, Detail: in.describe()})
	return nil
}

// standing lists the connections in the order in which they were accepted. The
// caller holds the mutex.
func (s *Server) standing() []*conn {
	return slices.SortedFunc(maps.Keys(s.conns), func(a, b *conn) int { return cmp.Compare(a.number, b.number) })
}

// setActive replaces the active faults and wakes whatever waits for a change.
// The caller holds the mutex.
func (s *Server) setActive(active []*injection) {
	s.active = active
	s.faulty.Store(len(active) > 0)
	s.wakeAll()
}

// Heal undoes the fault with this id, or every fault with this name.
func (s *Server) Heal(idOrName string) error {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	n, err := s.heal("healed", func(in *injection) bool { return in.ID == idOrName || in.Name == idOrName })
	if n == 0 && err == nil {
		return fmt.Errorf("no fault with the id or name %q is active", idOrName)
	}
	return err
}

// HealAll undoes every fault. An address that can't be listened on again is
// told as an event and tried again each second.
func (s *Server) HealAll() { _ = s.healAll() }

func (s *Server) healAll() error {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	_, err := s.heal("healed", func(*injection) bool { return true })
	return err
}

func (s *Server) healAfter(in *injection) {
	s.clock().Busy(1)
	defer s.clock().Busy(-1)
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	// What can't be listened on again is told and tried again by changed.
	_, _ = s.heal(fmt.Sprintf("healed after %s", in.For), func(other *injection) bool { return other == in })
}

// heal undoes the faults that which chooses. The caller holds faultMu.
func (s *Server) heal(why string, which func(*injection) bool) (int, error) {
	now := s.now()
	s.mu.Lock()
	var kept, gone []*injection
	for _, in := range s.active {
		if which(in) {
			gone = append(gone, in)
		} else {
			kept = append(kept, in)
		}
	}
	if len(gone) > 0 {
		s.setActive(kept)
	}
	s.mu.Unlock()
	for _, in := range gone {
		if in.stop != nil {
			in.stop()
		}
	}
	err := s.changed()
	s.mu.Lock()
	for _, in := range gone {
		s.note(in.healedEvent(now, why))
	}
	s.mu.Unlock()
	s.tell()
	return len(gone), err
}

// changed brings listeners and connections in line with the active faults. The
// caller holds faultMu.
func (s *Server) changed() error {
	var errs []error
	s.mu.Lock()
	listeners, conns := slices.Clone(s.listeners), s.standing()
	s.mu.Unlock()
	for _, l := range listeners {
		errs = append(errs, l.reconcile())
	}
	if err := errors.Join(errs...); err != nil {
		s.tryAgain(err)
	}
	for _, c := range conns {
		c.interrupt()
	}
	s.tell()
	return errors.Join(errs...)
}

// listenPause is how long an address rests that could not be listened on again.
const listenPause = time.Second

// tryAgain tells that a listener is not as the faults want it, and reconciles
// later. The caller holds faultMu.
func (s *Server) tryAgain(err error) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note(Event{Time: now, Kind: KindListenFailed, Detail: err.Error()})
	if s.retry != nil {
		s.retry()
	}
	if !s.closed {
		s.retry = s.clock().AfterFunc(listenPause, s.reconcileSoon)
	}
}

// turn asks every active fault what a connection may do next.
func (s *Server) turn(c *conn) turn {
	s.mu.Lock()
	c.generation = s.generation
	if s.closed {
		s.mu.Unlock()
		return turn{end: endStop}
	}
	var now time.Time
	if len(s.active) > 0 {
		now = s.now()
	}
	var all turn
	hit := false
	for _, in := range s.active {
		t, fresh := in.turn(c, now)
		if fresh {
			hit = true
			s.note(in.hitEvent(now, c.label, fmt.Sprintf("at byte %d", c.scan.at())))
		}
		all = all.and(t)
	}
	s.mu.Unlock()
	if hit {
		s.tell()
	}
	return all
}
