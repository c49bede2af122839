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
	in := &injection{Fault: f, effect: effect, inBytes: inBytes, sights: map[any]*sight{}, took: map[*listener]bool{}}
	if err := s.admit(in); err != nil {
		return "", err
	}
	if f.For > 0 {
		stop := s.clock().AfterFunc(f.For, func() { s.healAfter(in) })
		s.mu.Lock()
		in.stop = stop
		s.mu.Unlock()
	}
	err = s.openExtra(in)
	if err == nil {
		err = s.changed()
	}
	if err != nil {
		s.heal("could not take hold", func(other *injection) bool { return other == in })
		return "", fmt.Errorf("fault %s: %w", f.Name, err)
	}
	return in.ID, nil
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
	if in.effect.turn != nil || in.effect.message != nil {
		for _, c := range s.standing() {
			in.see(c, true)
		}
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
	s.faulty.Store(len(active) > 0 || s.moved)
	s.wakeAll()
}

// ActiveFault is a fault that was injected and not yet healed.
type ActiveFault struct {
	Fault
	Since time.Time
	Hits  int // connections, listeners or datagrams that it hit
}

// Faults lists the active faults in the order of their injection.
func (s *Server) Faults() []ActiveFault {
	s.mu.Lock()
	defer s.mu.Unlock()
	list := make([]ActiveFault, len(s.active))
	for i, in := range s.active {
		list[i] = ActiveFault{in.Fault, in.since, in.hits}
	}
	return list
}

var errNoFault = errors.New("no fault")

// Heal undoes the fault with this id, or every fault with this name.
func (s *Server) Heal(idOrName string) error {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	n, err := s.heal("healed", func(in *injection) bool { return in.ID == idOrName || in.Name == idOrName })
	if n == 0 && err == nil {
		return fmt.Errorf("%w with the id or name %q is active", errNoFault, idOrName)
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
		s.closeExtra(in)
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

// openExtra opens the other address that a fault wants. The caller holds
// faultMu.
func (s *Server) openExtra(in *injection) error {
	if in.effect.also == "" {
		return nil
	}
	s.mu.Lock()
	i := slices.IndexFunc(s.listeners, in.at)
	s.mu.Unlock()
	if i < 0 {
		return fmt.Errorf("no listener at %q to move from", in.Where)
	}
	l := &listener{s: s, network: s.listeners[i].network, family: s.listeners[i].family, address: in.effect.also}
	s.mu.Lock()
	in.extra = l
	s.mu.Unlock()
	if _, err := l.open(); err != nil {
		return err
	}
	s.mu.Lock()
	s.listeners = append(s.listeners, l)
	s.mu.Unlock()
	return nil
}

// closeExtra closes it again, with its connections.
func (s *Server) closeExtra(in *injection) {
	if in.extra == nil {
		return
	}
	s.mu.Lock()
	in.extra.gone = true
	s.moved = true
	s.faulty.Store(true)
	s.mu.Unlock()
	in.extra.reconcile()
	s.mu.Lock()
	s.listeners = slices.DeleteFunc(s.listeners, func(l *listener) bool { return l == in.extra })
	s.mu.Unlock()
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

// complain tells of something that could not be done.
func (s *Server) complain(connection string, err error) {
	s.mu.Lock()
	s.note(Event{Time: s.now(), Kind: KindTrouble, Connection: connection, Detail: err.Error()})
	s.mu.Unlock()
	s.tell()
}

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
