package fakecas

import (
	"crypto/tls"
	"time"
)

// expiredKind serves a certificate whose time is over.
var expiredKind = certificateKind("serves a certificate that expired an hour ago", func(s *Server) (*tls.Certificate, error) {
	now := s.clock().Now()
	return s.authority.issue(s.certified(), now.Add(-48*time.Hour), now.Add(-time.Hour))
})
