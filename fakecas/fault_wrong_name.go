package fakecas

import "crypto/tls"

// wrongNameKind serves a certificate of another host.
var wrongNameKind = certificateKind("serves a certificate of another name", func(s *Server) (*tls.Certificate, error) {
	c := s.authority.certificate
	return s.authority.issue([]string{"elsewhere.invalid"}, c.NotBefore, c.NotAfter)
})
