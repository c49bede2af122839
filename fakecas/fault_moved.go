package fakecas

// movedFault moves the service to another address, as when its name's address
// changes: the old one refuses.
type movedFault struct{ to string }

var movedKind = faultKind{
	about: "moves the API to another address; the old one refuses, and connections that stand are reset",
	args:  []FaultArg{{"to", "the new address, as host:port"}},
	make: func(a *arguments) effect {
		f := movedFault{a.address("to")}
		return effect{inject: f.inject, heal: f.heal}
	},
}

func (f movedFault) inject(s *Server) (string, error) {
	p, err := s.started()
	if err != nil {
		return "", err
	}
	if err := p.Move(f.to); err != nil {
		return "", err
	}
	_, _ = s.resetStanding()
	return p.address + " moved to " + f.to, nil
}

func (f movedFault) heal(s *Server) error {
	p, err := s.started()
	if err != nil {
		return err
	}
	_, _ = s.resetStanding()
	return p.Move(p.address)
}
