package fakecas

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"

	. "github.com/onsi/gomega"
)

// stapled reads the answer that is stapled to a connection, with structures
// of its own, and checks the signature: "revoked", "good" or "none".
func stapled(g *WithT, state *tls.ConnectionState) string {
	if len(state.OCSPResponse) == 0 {
		return "none"
	}
	var outer struct {
		Status asn1.Enumerated
		Inner  asn1.RawValue
	}
	unmarshal(g, state.OCSPResponse, &outer)
	g.Expect(outer.Status).To(BeEquivalentTo(0), "successful")
	var bytes struct {
		Type  asn1.ObjectIdentifier
		Basic []byte
	}
	unmarshal(g, outer.Inner.Bytes, &bytes)
	g.Expect(bytes.Type.String()).To(Equal("1.3.6.1.5.5.7.48.1.1"))
	var basic struct {
		Data, Algorithm asn1.RawValue
		Signature       asn1.BitString
	}
	unmarshal(g, bytes.Basic, &basic)
	issuer := state.VerifiedChains[0][1]
	g.Expect(issuer.CheckSignature(x509.ECDSAWithSHA256, basic.Data.FullBytes, basic.Signature.Bytes)).To(Succeed())
	var data struct {
		Responder asn1.RawValue
		Produced  asn1.RawValue
		Responses []struct {
			ID     asn1.RawValue
			Status asn1.RawValue
			This   asn1.RawValue
			Next   asn1.RawValue `asn1:"optional"`
		}
	}
	unmarshal(g, basic.Data.FullBytes, &data)
	var id struct {
		Algorithm asn1.RawValue
		Name, Key []byte
		Serial    asn1.RawValue
	}
	unmarshal(g, data.Responses[0].ID.FullBytes, &id)
	g.Expect(id.Serial.Bytes).To(Equal(state.PeerCertificates[0].SerialNumber.Bytes()))
	return map[int]string{0: "good", 1: "revoked"}[data.Responses[0].Status.Tag]
}

func unmarshal(g *WithT, der []byte, v any) {
	rest, err := asn1.Unmarshal(der, v)
	g.ExpectWithOffset(1, err).NotTo(HaveOccurred())
	g.ExpectWithOffset(1, rest).To(BeEmpty())
}
