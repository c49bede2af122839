package fakesyslog

// note queues an event in the order of happening. The caller holds the mutex,
// and calls tell after it let go of it.
func (s *Server) note(e Event) {
	if s.Hook != nil {
		s.events = append(s.events, e)
	}
}

// tell hands queued events to the Hook, without a lock held and one at a time.
// If another goroutine is at it, that one hands over these too.
func (s *Server) tell() {
	s.mu.Lock()
	if s.telling {
		s.mu.Unlock()
		return
	}
	s.telling = true
	for len(s.events) > 0 {
		batch := s.events
		s.events = nil
		s.mu.Unlock()
		for _, e := range batch {
			s.Hook(e)
		}
		s.mu.Lock()
	}
	s.telling = false
	s.mu.Unlock()
}
