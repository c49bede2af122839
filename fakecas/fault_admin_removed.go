package fakecas

// adminRemovedFault removes an admin: the tokens that are bound to him die.
type adminRemovedFault struct{ admin string }

var adminRemovedKind = faultKind{
	about: "removes the admin who made a token, which ends the token; healing brings both back",
	args:  []FaultArg{{"admin", "who; " + Admin + " by default"}},
	make: func(a *arguments) effect {
		f := adminRemovedFault{a.text("admin", Admin)}
		return effect{inject: f.inject, heal: f.heal}
	},
}

func (f adminRemovedFault) inject(s *Server) (string, error) {
	if s.Tenant().setRemoved(f.admin, true) == 0 {
		return "", nil
	}
	return f.admin, nil
}

func (f adminRemovedFault) heal(s *Server) error {
	s.Tenant().RestoreAdmin(f.admin)
	return nil
}
