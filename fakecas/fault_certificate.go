package fakecas

import (
	"crypto/tls"
	"sync"
)

// handshakeFault is what faults of the handshake have in common: they touch
// new connections, so those that stand are reset to make it felt.
type handshakeFault struct{ established bool }

var establishedArg = FaultArg{"established", "false leaves the connections that stand alone; true by default"}

func (f handshakeFault) inject(s *Server) (string, error) {
	if !f.established {
		return "", nil
	}
	return s.resetStanding()
}

// certificateKind makes the kind of a fault that serves another certificate,
// made at the first handshake that it hits.
func certificateKind(about string, issue func(*Server) (*tls.Certificate, error)) faultKind {
	return faultKind{
		about: about,
		args:  []FaultArg{establishedArg},
		make: func(a *arguments) effect {
			f := handshakeFault{a.choice("established", "true", "false") == "true"}
			var once sync.Once
			var certificate *tls.Certificate
			var err error
			return effect{inject: f.inject, handshake: func(s *Server, c *tls.Config) error {
				once.Do(func() { certificate, err = issue(s) })
				if err == nil {
					c.Certificates = []tls.Certificate{*certificate}
				}
				return err
			}}
		},
	}
}

// certified returns what the server's certificate names.
func (s *Server) certified() []string {
	return hostsOf(s.Addr(), s.Hosts)
}
