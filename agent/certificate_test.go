package agent

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"testing"
	"time"

	. "github.com/onsi/gomega"
	"golang.org/x/crypto/ocsp"

	"siemdrill/agent/internal/wiretest"
)

// authority signs certificates and OCSP answers.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Contoso CA"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: someDay.AddDate(-1, 0, 0), NotAfter: someDay.AddDate(1, 0, 0), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	certificate, _ := x509.ParseCertificate(der)
	return &authority{certificate, key}
}

var someDay = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// issue makes a certificate for contoso.example, and staples an answer to it
// that has the status.
func (a *authority) issue(t *testing.T, notBefore, notAfter time.Time, status int) tls.Certificate {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	template := &x509.Certificate{SerialNumber: big.NewInt(7), DNSNames: []string{"contoso.example"}, NotBefore: notBefore, NotAfter: notAfter}
	return a.sign(t, template, key, status)
}

// issueFor makes a certificate for name, of a client too.
func (a *authority) issueFor(t *testing.T, name string) tls.Certificate {
	key, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	return a.sign(t, &x509.Certificate{
		SerialNumber: big.NewInt(8), DNSNames: []string{name}, NotBefore: someDay.AddDate(-1, 0, 0), NotAfter: someDay.AddDate(1, 0, 0),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}, key, ocsp.Good)
}

func (a *authority) sign(t *testing.T, template *x509.Certificate, key *ecdsa.PrivateKey, status int) tls.Certificate {
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		t.Fatal(err)
	}
	staple, err := ocsp.CreateResponse(a.certificate, a.certificate, ocsp.Response{
		Status: status, SerialNumber: template.SerialNumber, ThisUpdate: someDay, NextUpdate: someDay.Add(time.Hour),
		RevokedAt: someDay.Add(-24 * time.Hour), RevocationReason: ocsp.KeyCompromise,
	}, a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, OCSPStaple: staple}
}

func (a *authority) pool() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AddCert(a.certificate)
	return pool
}

// shake makes a handshake and returns what the client thinks of it.
func shake(server, client *tls.Config) error {
	here, there := wiretest.Pair("here", "there") // unlike net.Pipe, both may write at once
	go func() {
		tls.Server(there, server).Handshake()
		there.Close()
	}()
	defer here.Close()
	return tls.Client(here, client).Handshake()
}

func TestCertificateFaultsInPlainWords(t *testing.T) {
	ca, other := newAuthority(t), newAuthority(t)
	year := 365 * 24 * time.Hour
	valid := func(status int) *tls.Config {
		return &tls.Config{Certificates: []tls.Certificate{ca.issue(t, someDay.Add(-year), someDay.Add(year), status)}}
	}
	for name, c := range map[string]struct {
		server *tls.Config
		edit   func(*tls.Config)
		wanted string // "" = accepted
	}{
		"good":             {valid(ocsp.Good), nil, ""},
		"unknown to OCSP":  {valid(ocsp.Unknown), nil, ""},
		"revoked":          {valid(ocsp.Revoked), nil, "the certificate of contoso.example was revoked on 2026-02-28 12:00 UTC: its key was compromised"},
		"an unknown CA":    {valid(ocsp.Good), func(c *tls.Config) { c.RootCAs = other.pool() }, "the certificate of contoso.example is signed by an authority that is not trusted (CN=Contoso CA): add that authority with caFile, or find out who answers in the peer's place (a proxy that inspects TLS does)"},
		"another name":     {valid(ocsp.Good), func(c *tls.Config) { c.ServerName = "fabrikam.example" }, "the certificate is not for fabrikam.example but for contoso.example"},
		"a clock behind":   {valid(ocsp.Good), func(c *tls.Config) { c.Time = func() time.Time { return someDay.Add(-2 * year) } }, "the certificate of contoso.example is valid only from 2025-03-01 12:00 UTC on, and this machine's clock says 2024-03-01 12:00 UTC"},
		"an expired one":   {&tls.Config{Certificates: []tls.Certificate{ca.issue(t, someDay.Add(-year), someDay.Add(-time.Hour), ocsp.Good)}}, nil, "the certificate of contoso.example expired on 2026-03-01 11:00 UTC, and this machine's clock says 2026-03-01 12:00 UTC"},
		"TLS 1.1 and less": {&tls.Config{MaxVersion: tls.VersionTLS11, Certificates: valid(ocsp.Good).Certificates}, nil, "the peer offers no TLS 1.2 or newer, and nothing older is used"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			client := &tls.Config{
				ServerName: "contoso.example", RootCAs: ca.pool(), MinVersion: tls.VersionTLS12,
				Time: func() time.Time { return someDay }, VerifyConnection: notRevoked,
			}
			if c.edit != nil {
				c.edit(client)
			}
			err := shake(c.server, client)
			if c.wanted == "" {
				g.Expect(err).NotTo(HaveOccurred())
				return
			}
			g.Expect(inPlainWords(err, client.Time())).To(MatchError(c.wanted))
		})
	}
}

// Anyone could send such an answer, so nothing follows from it.
func TestAnAnswerThatTheIssuerHasNotSignedIsPassedOver(t *testing.T) {
	g := NewWithT(t)
	ca, other := newAuthority(t), newAuthority(t)
	certificate := ca.issue(t, someDay.AddDate(-1, 0, 0), someDay.AddDate(1, 0, 0), ocsp.Good)
	certificate.OCSPStaple = other.issue(t, someDay, someDay.AddDate(1, 0, 0), ocsp.Revoked).OCSPStaple
	g.Expect(shake(&tls.Config{Certificates: []tls.Certificate{certificate}}, &tls.Config{
		ServerName: "contoso.example", RootCAs: ca.pool(), Time: func() time.Time { return someDay }, VerifyConnection: notRevoked,
	})).To(Succeed())
}
