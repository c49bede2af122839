package fakecas

import "crypto/tls"

// revokedKind staples an OCSP answer that says the certificate was revoked.
// There is no CRL and no responder to ask: only a client that reads the staple
// can see it.
var revokedKind = certificateKind("staples an OCSP answer that says the certificate was revoked", func(s *Server) (*tls.Certificate, error) {
	c := s.authority.certificate
	leaf, err := s.authority.issue(s.certified(), c.NotBefore, c.NotAfter)
	if err != nil {
		return nil, err
	}
	leaf.OCSPStaple, err = s.authority.revocation(leaf.Leaf, s.clock().Now())
	return leaf, err
})
