package fakesyslog

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"net"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestSeveralListenersOfBothFamilies(t *testing.T) {
	g := NewWithT(t)
	w := newWatch()
	s := &Server{Hook: w.hook}
	defer s.Close()
	for i, l := range []struct{ network, address string }{
		{"tcp4", "127.0.0.1:0"}, {"tcp6", "[::1]:0"}, {"tcp", ":0"}, {"udp4", "127.0.0.1:0"}, {"udp", "[::1]:0"},
	} {
		addr, err := s.Start(l.network, l.address)
		g.Expect(err).NotTo(HaveOccurred(), l.network)
		c, err := net.Dial(strings.TrimRight(l.network, "46"), addr.String())
		g.Expect(err).NotTo(HaveOccurred(), l.network)
		defer c.Close()
		fmt.Fprint(c, strings.TrimSuffix(line(i), "\n"))
		if strings.HasPrefix(l.network, "tcp") {
			fmt.Fprint(c, "\n")
		}
		got := w.wait(KindLine, i+1)[i]
		g.Expect(got.Record).To(Equal(lineID(i)))
		g.Expect(got.Connection).To(HavePrefix(c.LocalAddr().String() + ">"))
	}
	for _, wrong := range []string{"", "sctp", "tcp44", "tcp64"} {
		_, err := s.Start(wrong, ":0")
		g.Expect(err).To(MatchError(ContainSubstring("expected tcp, udp or tls")), wrong)
	}
}

func TestAfterCloseNothingWorksAndNothingHangs(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	c := dial(t, address)
	w.wait(KindAccepted, 1)
	fmt.Fprint(c, line(1)+"unfinished")
	w.wait(KindLine, 1)
	g.Expect(s.Close()).To(Succeed())
	g.Expect(s.Close()).To(Succeed())
	g.Expect(w.all(KindClosed)[0].Detail).To(HavePrefix("server stopped"))
	g.Expect(readEnd(c)).To(HaveOccurred())
	_, err := s.Start("tcp", "127.0.0.1:0")
	g.Expect(err).To(MatchError("the syslog server is closed"))
	_, err = s.Inject(Fault{Name: "refuse"})
	g.Expect(err).To(MatchError("the syslog server is closed"))
	g.Expect((&Server{}).Close()).To(Succeed(), "also one that was never started")
}

func TestClientCertificatesAreOptional(t *testing.T) {
	g := NewWithT(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	g.Expect(err).NotTo(HaveOccurred())
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sender"}, NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	g.Expect(err).NotTo(HaveOccurred())
	leaf, err := x509.ParseCertificate(der)
	g.Expect(err).NotTo(HaveOccurred())
	pool := x509.NewCertPool()
	pool.AddCert(leaf)

	s := &Server{TLS: &tls.Config{ClientCAs: pool, ClientAuth: tls.VerifyClientCertIfGiven}}
	w, address := secure(t, s)
	for i, certs := range [][]tls.Certificate{nil, {{Certificate: [][]byte{der}, PrivateKey: key}}} {
		c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: s.CA(), Certificates: certs})
		g.Expect(err).NotTo(HaveOccurred())
		defer c.Close()
		fmt.Fprint(c, line(i))
		w.wait(KindLine, i+1)
	}
}
