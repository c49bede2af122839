package fakesyslog

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"slices"
	"sync"
	"time"
)

// authority is the server's own certification authority.
type authority struct {
	mu   sync.Mutex
	s    *Server
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  []byte
	made map[string]*tls.Certificate // by what is wrong with them and by address
}

// validity is how long before and after it was made a certificate holds.
const (
	validBefore = 24 * time.Hour
	validAfter  = 10 * 365 * 24 * time.Hour
)

func (a *authority) open(s *Server) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.cert != nil {
		return nil
	}
	a.s = s
	a.made = map[string]*tls.Certificate{}
	cert, key, err := newAuthority("siemdrill fakesyslog", s.now())
	if err != nil {
		return err
	}
	a.cert, a.key = cert, key
	a.pem = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Raw})
	return nil
}

// CAPEM is the certificate, in PEM, that clients of the server's TLS listeners
// must trust; nil before the first of these was started.
func (s *Server) CAPEM() []byte {
	s.authority.mu.Lock()
	defer s.authority.mu.Unlock()
	return slices.Clone(s.authority.pem)
}

// CA is CAPEM as a pool; empty before the first TLS listener was started.
func (s *Server) CA() *x509.CertPool {
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.CAPEM())
	return pool
}

func newAuthority(name string, now time.Time) (*x509.Certificate, *ecdsa.PrivateKey, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	t := &x509.Certificate{SerialNumber: serial(), Subject: pkix.Name{CommonName: name},
		NotBefore: now.Add(-validBefore), NotAfter: now.Add(validAfter),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}
	der, err := x509.CreateCertificate(rand.Reader, t, t, &key.PublicKey, key)
	if err != nil {
		return nil, nil, err
	}
	cert, err := x509.ParseCertificate(der)
	return cert, key, err
}

func serial() *big.Int {
	n, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120))
	if err != nil {
		panic(err) // the system's random source never fails
	}
	return n
}

// flaw is what is wrong with a certificate.
type flaw string

const (
	flawless  flaw = ""
	unknownCA flaw = "unknown-ca"
	expired   flaw = "expired"
	wrongName flaw = "wrong-name"
)

// issue returns a certificate for the address of a connection.
func (a *authority) issue(f flaw, local net.Addr) (*tls.Certificate, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	host, _, _ := net.SplitHostPort(local.String())
	id := string(f) + " " + host
	if c := a.made[id]; c != nil && a.s.now().Before(c.Leaf.NotAfter) != (f == expired) {
		return c, nil
	}
	c, err := a.make(f, host)
	if err == nil {
		a.made[id] = c
	}
	return c, err
}

func (a *authority) make(f flaw, host string) (*tls.Certificate, error) {
	now := a.s.now()
	ca, caKey := a.cert, a.key
	t := &x509.Certificate{SerialNumber: serial(), Subject: pkix.Name{CommonName: host},
		NotBefore: now.Add(-validBefore), NotAfter: now.Add(validAfter), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, DNSNames: append([]string{"localhost"}, a.s.Names...)}
	if ip := net.ParseIP(host); ip != nil {
		t.IPAddresses = []net.IP{ip}
	}
	var err error
	switch f {
	case unknownCA:
		ca, caKey, err = newAuthority("an authority that nobody knows", now)
	case expired:
		t.NotBefore, t.NotAfter = now.Add(-2*validBefore), now.Add(-validBefore)
	case wrongName:
		t.DNSNames, t.IPAddresses = []string{"another.example"}, nil
	}
	if err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	der, err := x509.CreateCertificate(rand.Reader, t, ca, &key.PublicKey, caKey)
	if err != nil {
		return nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, err
}
