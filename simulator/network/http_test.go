package network

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"io"
	"math/big"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// site is an HTTPS server on one host and a client of it on another.
type site struct {
	client *http.Client
	server *http.Server
	opened int // connections
	ends   sync.WaitGroup
}

func openSite(t testing.TB) *site {
	n := New()
	a, b := n.AddHost("a", "10.0.0.1"), n.AddHost("b", "10.0.0.2")
	l, err := b.Listen(t.Context(), "tcp", ":443")
	if err != nil {
		t.Fatal(err)
	}
	certificate, pool := certify(t, "b")
	body := strings.Repeat("x", 2048)
	s := &site{}
	n.Hook = func(e Event) {
		if e.Kind == Connected {
			s.opened++
		}
	}
	s.server = &http.Server{
		Handler:     http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, body) }),
		IdleTimeout: 2 * time.Minute,
		TLSConfig:   &tls.Config{Certificates: []tls.Certificate{certificate}},
	}
	s.client = &http.Client{Transport: &http.Transport{
		DialContext: a.Dial, TLSClientConfig: &tls.Config{RootCAs: pool}, IdleConnTimeout: 90 * time.Second,
	}}
	s.ends.Go(func() { s.server.ServeTLS(l, "", "") })
	return s
}

// certify makes a certificate that is valid in a bubble, whose clock starts at
// the year 2000.
func certify(t testing.TB, name string) (tls.Certificate, *x509.CertPool) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{name}, IsCA: true,
		BasicConstraintsValid: true, NotBefore: time.Unix(0, 0), NotAfter: time.Unix(4e9, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

func (s *site) get() (int64, error) {
	r, err := s.client.Get("https://b/")
	if err != nil {
		return 0, err
	}
	defer r.Body.Close()
	return io.Copy(io.Discard, r.Body)
}

func (s *site) close() {
	s.client.CloseIdleConnections()
	s.server.Shutdown(context.Background())
	s.ends.Wait()
}

// A bubble panics if it ends with a goroutine left.
func TestHoursOfHTTPSLeaveNoGoroutine(t *testing.T) {
	for name, x := range map[string]struct {
		every           time.Duration
		requests, conns int
	}{
		"one connection":                     {time.Minute, 720, 1},
		"idle timeouts, a new one each time": {3 * time.Minute, 240, 240},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				s := openSite(t)
				for range x.requests {
					g.Expect(s.get()).To(BeEquivalentTo(2048))
					time.Sleep(x.every)
				}
				s.close()
				g.Expect(s.opened).To(Equal(x.conns))
			})
		})
	}
}

func TestKillingEveryProcessLeavesNoGoroutine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		n := New()
		a, b := n.AddHost("a", "10.0.0.1"), n.AddHost("b", "10.0.0.2")
		l, err := b.Listen(t.Context(), "tcp", ":80")
		g.Expect(err).NotTo(HaveOccurred())
		go http.Serve(l, http.NotFoundHandler())
		client := &http.Client{Transport: &http.Transport{DialContext: a.Dial}}
		r, err := client.Get("http://b/")
		g.Expect(err).NotTo(HaveOccurred())
		r.Body.Close()
		a.KillProcess()
		b.KillProcess()
	})
}
