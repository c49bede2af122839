package agent

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/ocsp"
)

// certificateFault is what is wrong with a peer's certificate, or with the
// versions that it offers, in words that say what to do. Nothing but the
// peer's, or this machine's, administrator mends it.
type certificateFault struct {
	words string
	cause error // nil: the words are all there is
}

func (e *certificateFault) Error() string { return e.words }
func (e *certificateFault) Unwrap() error { return e.cause }

// inPlainWords returns err with what crypto/tls and crypto/x509 say of a
// certificate put into plain words; every other error is returned as it is.
// now is what the certificate was judged at.
func inPlainWords(err error, now time.Time) error {
	words := ""
	if fault, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		words = "the certificate" + ofWhom(fault.Cert) + " is signed by an authority that is not trusted" + byWhom(fault.Cert) +
			": add that authority with caFile, or find out who answers in the peer's place (a proxy that inspects TLS does)"
	} else if fault, ok := errors.AsType[x509.HostnameError](err); ok {
		words = fmt.Sprintf("the certificate is not for %s but for %s", fault.Host, strings.Join(namesOf(fault.Certificate), ", "))
	} else if fault, ok := errors.AsType[x509.CertificateInvalidError](err); ok && fault.Reason == x509.Expired {
		words = outOfDate(fault.Cert, now)
	} else if isOldTLS(err) {
		words = "the peer offers no TLS 1.2 or newer, and nothing older is used"
	}
	if words == "" {
		return err
	}
	return &certificateFault{words, err}
}

func outOfDate(c *x509.Certificate, now time.Time) string {
	if now.Before(c.NotBefore) {
		return fmt.Sprintf("the certificate%s is valid only from %s on, and this machine's clock says %s", ofWhom(c), day(c.NotBefore), day(now))
	}
	return fmt.Sprintf("the certificate%s expired on %s, and this machine's clock says %s", ofWhom(c), day(c.NotAfter), day(now))
}

// protocolVersion is the TLS alert of a peer that finds no common version
// (RFC 8446, section 6.2).
const protocolVersion tls.AlertError = 70

// isOldTLS takes the peer's alert, and the error of this side when the peer
// chooses an old version; that one has no type of its own.
func isOldTLS(err error) bool {
	if alert, ok := errors.AsType[tls.AlertError](err); ok && alert == protocolVersion {
		return true
	}
	return strings.Contains(err.Error(), "protocol version not supported") || strings.Contains(err.Error(), "unsupported protocol version")
}

func day(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

func ofWhom(c *x509.Certificate) string {
	if c == nil || len(namesOf(c)) == 0 {
		return ""
	}
	return " of " + strings.Join(namesOf(c), ", ")
}

func byWhom(c *x509.Certificate) string {
	if c == nil || c.Issuer.String() == "" {
		return ""
	}
	return fmt.Sprintf(" (%s)", c.Issuer)
}

// namesOf returns what c is for, or whom it names when it is for nothing.
func namesOf(c *x509.Certificate) []string {
	names := append([]string{}, c.DNSNames...)
	for _, address := range c.IPAddresses {
		names = append(names, address.String())
	}
	if len(names) == 0 && c.Subject.String() != "" {
		names = append(names, c.Subject.String())
	}
	return names
}

// notRevoked refuses a session whose peer has stapled an OCSP answer (RFC 6066,
// section 8; RFC 6960) that says that its certificate was revoked. No list and
// no responder is asked, and an answer that is not signed by the issuer is
// passed over like an absent one: a peer that hides its revocation can leave the
// answer out as well. It is a tls.Config's VerifyConnection.
func notRevoked(session tls.ConnectionState) error {
	if len(session.OCSPResponse) == 0 {
		return nil
	}
	for _, chain := range session.VerifiedChains {
		issuer := chain[min(1, len(chain)-1)] // a self-signed certificate is its own
		answer, err := ocsp.ParseResponseForCert(session.OCSPResponse, chain[0], issuer)
		if err == nil && answer.Status == ocsp.Revoked {
			return &certificateFault{words: fmt.Sprintf("the certificate%s was revoked on %s%s", ofWhom(chain[0]), day(answer.RevokedAt), because(answer.RevocationReason))}
		}
	}
	return nil
}

// because names the reason of a revocation (RFC 5280, section 5.3.1).
func because(reason int) string {
	name := map[int]string{
		ocsp.KeyCompromise: "its key was compromised", ocsp.CACompromise: "its authority was compromised",
		ocsp.AffiliationChanged: "its owner has changed", ocsp.Superseded: "it was replaced",
		ocsp.CessationOfOperation: "it is no longer used", ocsp.CertificateHold: "it is on hold",
		ocsp.PrivilegeWithdrawn: "its privilege was withdrawn",
	}[reason]
	if name == "" {
		return ""
	}
	return ": " + name
}
