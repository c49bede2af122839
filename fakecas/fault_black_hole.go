package fakecas

import "sync"

// blackHoleFault accepts connections and neither reads nor writes on them,
// until it is healed; those of a fault with First, for as long as they stand. That the SYN itself goes unanswered is the network's to
// show.
type blackHoleFault struct {
	established bool
	mu          *sync.Mutex
	held        *[]*connection
}

var blackHoleKind = faultKind{
	about: "accepts new connections and is silent on them, until healed",
	args:  []FaultArg{{"established", "true resets the connections that stand, so that all are new; false by default"}},
	make: func(a *arguments) effect {
		f := blackHoleFault{a.choice("established", "false", "true") == "true", new(sync.Mutex), new([]*connection)}
		return effect{inject: f.inject, heal: f.heal, accept: f.accept}
	},
}

func (f blackHoleFault) inject(s *Server) (string, error) {
	if !f.established {
		return "", nil
	}
	return s.resetStanding()
}

func (f blackHoleFault) accept(c *connection) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c.Hold()
	*f.held = append(*f.held, c)
}

func (f blackHoleFault) heal(*Server) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range *f.held {
		c.Release()
	}
	*f.held = nil
	return nil
}

// resetStanding breaks every connection that stands.
func (s *Server) resetStanding() (string, error) {
	p, err := s.started()
	if err != nil {
		return "", err
	}
	for _, c := range p.standing() {
		c.Reset()
	}
	return "the connections that stood", nil
}
