package fakecas

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"slices"
	"time"
)

// authority is a certificate authority made for one server. Its keys come from
// the system's randomness, the one thing that the seed doesn't decide.
type authority struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

// lifetime is how long certificates are valid, and a day before now too: a
// scenario may run for years.
const lifetime = 20 * 365 * 24 * time.Hour

func newAuthority(name string, now time.Time) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber:          big.NewInt(1),
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             now.Add(-24 * time.Hour),
		NotAfter:              now.Add(lifetime),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageCRLSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	c, err := x509.ParseCertificate(der)
	return &authority{certificate: c, key: key}, err
}

// pem returns the authority's certificate in PEM.
func (a *authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.certificate.Raw})
}

// issue certifies hosts (names or IPs) from one time to another.
func (a *authority) issue(hosts []string, from, to time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: hosts[0]},
		NotBefore:    from,
		NotAfter:     to,
		KeyUsage:     x509.KeyUsageDigitalSignature,
		ExtKeyUsage:  []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, &key.PublicKey, a.key)
	if err != nil {
		return nil, fmt.Errorf("certificate for %s: %w", hosts, err)
	}
	leaf, err := x509.ParseCertificate(der)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}

// tlsConfig is made for every handshake, so that a fault can change it.
func (s *Server) tlsConfig(hello *tls.ClientHelloInfo) (*tls.Config, error) {
	c := &tls.Config{
		Certificates: []tls.Certificate{*s.leaf},
		MinVersion:   tls.VersionTLS12,
		NextProtos:   []string{"h2", "http/1.1"},
		Time:         s.clock().Now,
	}
	name := ""
	if conn, ok := hello.Conn.(*connection); ok {
		name = conn.name
	}
	return c, s.faults.handshake(name, c)
}

// CA returns a pool with the authority that certifies the server; nil before
// Start, and where Certificate was given.
func (s *Server) CA() *x509.CertPool {
	if !s.certifiesItself() {
		return nil
	}
	pool := x509.NewCertPool()
	pool.AddCert(s.authority.certificate)
	return pool
}

// CAPEM returns the certificate of that authority in PEM; nil where CA is.
func (s *Server) CAPEM() []byte {
	if !s.certifiesItself() {
		return nil
	}
	return s.authority.pem()
}

func (s *Server) certifiesItself() bool {
	_, err := s.started()
	return err == nil && s.Certificate == nil
}

// hostsOf returns what the certificate of a listener names: its IP, or every
// loopback address and name when it listens on all, and the extra hosts.
func hostsOf(addr net.Addr, extra []string) []string {
	var hosts []string
	host, _, _ := net.SplitHostPort(addr.String())
	if ip := net.ParseIP(host); ip != nil && !ip.IsUnspecified() {
		hosts = append(hosts, ip.String())
	}
	hosts = append(hosts, extra...)
	for _, h := range []string{"localhost", "127.0.0.1", "::1"} {
		if !slices.Contains(hosts, h) {
			hosts = append(hosts, h)
		}
	}
	return hosts
}
