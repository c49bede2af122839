package peer

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestAnAgentIsToldInItsArgumentsAndItsEnvironment(t *testing.T) {
	g := NewWithT(t)
	b := Briefing{"token": "a {service} of its own", "service": "https://cas", "ca": "/ca.pem"}
	g.Expect(b.Arguments([]string{"agent", "--at={service}", "{token}", "{nothing}"})).
		To(Equal([]string{"agent", "--at=https://cas", "a {service} of its own", "{nothing}"}), "what was put in is not looked at again")
	g.Expect(b.Environment()).To(Equal([]string{
		"SSL_CERT_FILE=/ca.pem", "SIEMDRILL_CA=/ca.pem", "SIEMDRILL_SERVICE=https://cas", "SIEMDRILL_TOKEN=a {service} of its own",
	}))
}
