package fakecas

import "crypto/tls"

// unknownCAKind serves a certificate of an authority that no client trusts, as
// a proxy that inspects TLS does.
var unknownCAKind = certificateKind("serves a certificate of an unknown authority", func(s *Server) (*tls.Certificate, error) {
	now := s.clock().Now()
	a, err := newAuthority("Inspecting Proxy CA", now)
	if err != nil {
		return nil, err
	}
	return a.issue(s.certified(), a.certificate.NotBefore, a.certificate.NotAfter)
})
