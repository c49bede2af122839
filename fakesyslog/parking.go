package fakesyslog

import "time"

// parking is one goroutine that waits for a change of the faults, or for a
// while.
type parking struct{ woken chan struct{} }

// park waits until the faults are no longer those of generation, and at most
// for d if d is positive. A stepped clock must not take the time between the
// wake-up and the sleeper's next step for idleness, so whoever wakes counts the
// sleeper as busy.
func (s *Server) park(generation uint64, d time.Duration) {
	p := &parking{make(chan struct{})}
	s.mu.Lock()
	if s.generation != generation {
		s.mu.Unlock()
		return
	}
	s.parked[p] = struct{}{}
	s.mu.Unlock()
	stop := func() bool { return true }
	if d > 0 {
		stop = s.clock().AfterFunc(d, func() {
			s.mu.Lock()
			s.wake(p)
			s.mu.Unlock()
		})
	}
	s.clock().Busy(-1)
	<-p.woken
	stop()
}

// wake ends one wait. The caller holds the mutex.
func (s *Server) wake(p *parking) {
	if _, waits := s.parked[p]; waits {
		delete(s.parked, p)
		s.clock().Busy(1)
		close(p.woken)
	}
}

// wakeAll begins a new generation of faults. The caller holds the mutex.
func (s *Server) wakeAll() {
	s.generation++
	for p := range s.parked {
		s.wake(p)
	}
}

// era is the current generation of faults.
func (s *Server) era() uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.generation
}
