package fakecas

// refuseFault closes the listener: new connections are refused.
type refuseFault struct{ established bool }

var refuseKind = faultKind{
	about: "closes the API's listener, so that new connections are refused",
	args:  []FaultArg{{"established", "true resets the connections that stand, too; false by default"}},
	make: func(a *arguments) effect {
		f := refuseFault{established: a.choice("established", "false", "true") == "true"}
		return effect{inject: f.inject, heal: f.heal}
	},
}

func (f refuseFault) inject(s *Server) (string, error) {
	p, err := s.started()
	if err != nil {
		return "", err
	}
	p.Shut()
	if f.established {
		for _, c := range p.standing() {
			c.Reset()
		}
	}
	return p.address + " closed", nil
}

func (f refuseFault) heal(s *Server) error {
	p, err := s.started()
	if err != nil {
		return err
	}
	return p.Reopen()
}
