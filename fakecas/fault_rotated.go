package fakecas

import "crypto/tls"

// rotatedKind serves a new certificate of the same authority: nothing is wrong
// with it, but who pinned the old one fails.
var rotatedKind = certificateKind("serves a new certificate with a new key from the same authority", func(s *Server) (*tls.Certificate, error) {
	c := s.authority.certificate
	return s.authority.issue(s.certified(), c.NotBefore, c.NotAfter)
})
