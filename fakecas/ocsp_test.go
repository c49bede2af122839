package fakecas

import (
	"crypto/tls"

	. "github.com/onsi/gomega"
	"golang.org/x/crypto/ocsp"
)

// stapled reads the answer that is stapled to a connection, and checks its
// signature and that it is about the certificate shown.
func stapled(g *WithT, state *tls.ConnectionState) string {
	leaf, issuer := state.VerifiedChains[0][0], state.VerifiedChains[0][1]
	answer, err := ocsp.ParseResponseForCert(state.OCSPResponse, leaf, issuer)
	g.Expect(err).NotTo(HaveOccurred())
	return map[int]string{ocsp.Good: "good", ocsp.Revoked: "revoked", ocsp.Unknown: "unknown"}[answer.Status]
}
