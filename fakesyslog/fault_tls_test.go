package fakesyslog

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"testing"

	. "github.com/onsi/gomega"
)

// secure starts a server with a TLS listener.
func secure(t *testing.T, s *Server) (*watch, string) {
	t.Helper()
	w := newWatch()
	s.Hook = w.hook
	addr, err := s.Start("tls", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return w, addr.String()
}

func TestTLSFaults(t *testing.T) {
	var unknown x509.UnknownAuthorityError
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	for _, c := range []struct {
		fault string
		args  map[string]string
		check func(Gomega, error)
	}{
		{"tls-unknown-ca", nil, func(g Gomega, err error) { g.Expect(errors.As(err, &unknown)).To(BeTrue(), "%v", err) }},
		{"tls-expired", nil, func(g Gomega, err error) {
			g.Expect(errors.As(err, &invalid) && invalid.Reason == x509.Expired).To(BeTrue(), "%v", err)
		}},
		{"tls-wrong-name", nil, func(g Gomega, err error) { g.Expect(errors.As(err, &name)).To(BeTrue(), "%v", err) }},
		{"tls-old-version", nil, func(g Gomega, err error) {
			g.Expect(err).To(MatchError(ContainSubstring("protocol version")))
		}},
		{"tls-old-version", args("version", "1.0"), func(g Gomega, err error) {
			g.Expect(err).To(MatchError(ContainSubstring("protocol version")))
		}},
	} {
		t.Run(c.fault, func(t *testing.T) {
			g := NewWithT(t)
			s := &Server{}
			w, address := secure(t, s)
			inject(t, s, Fault{Name: c.fault, Args: c.args})
			_, err := tls.Dial("tcp", address, &tls.Config{RootCAs: s.CA()})
			c.check(g, err)
			g.Expect(w.wait(KindClosed, 1)[0].Detail).To(HavePrefix("handshake failed"))
			g.Expect(w.all(KindFaultHit)[0].Detail).To(Equal(c.fault + " at the handshake"))
			s.HealAll()
			good, err := tls.Dial("tcp", address, &tls.Config{RootCAs: s.CA()})
			g.Expect(err).NotTo(HaveOccurred())
			good.Close()
		})
	}
}

func TestTLSClientCertificateDemanded(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	_, address := secure(t, s)
	inject(t, s, Fault{Name: "tls-client-certificate"})
	c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: s.CA()})
	g.Expect(err).NotTo(HaveOccurred(), "with TLS 1.3 the client's side of the handshake is over before it is refused")
	defer c.Close()
	g.Expect(readEnd(c)).To(MatchError(ContainSubstring("certificate required")))
	_, err = tls.Dial("tcp", address, &tls.Config{RootCAs: s.CA(), MaxVersion: tls.VersionTLS12})
	g.Expect(err).To(HaveOccurred(), "with TLS 1.2 it is not")
}

func TestTLSHang(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := secure(t, s)
	inject(t, s, Fault{Name: "tls-hang"})
	c := dial(t, address)
	secured := tls.Client(c, &tls.Config{RootCAs: s.CA(), ServerName: "localhost"})
	w.wait(KindFaultHit, 1)
	done := make(chan error, 1)
	go func() { done <- secured.Handshake() }()
	g.Consistently(done, patience).ShouldNot(Receive())
	g.Expect(s.Heal("tls-hang")).To(Succeed())
	g.Expect(<-done).To(Succeed())
}

func TestTLSCarriesLines(t *testing.T) {
	for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
		t.Run(tls.VersionName(version), func(t *testing.T) {
			g := NewWithT(t)
			s := &Server{Framing: OctetCounting}
			w, address := secure(t, s)
			c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: s.CA(), MinVersion: version, MaxVersion: version})
			g.Expect(err).NotTo(HaveOccurred())
			fmt.Fprintf(c, "%d %s", len(goodLine), goodLine)
			w.wait(KindLine, 1)
			g.Expect(c.CloseWrite()).To(Succeed())
			g.Expect(readEnd(c)).To(Equal(io.EOF))
			g.Expect(w.wait(KindClosed, 1)[0].Detail).To(HavePrefix("fin from the peer, "))

			cut, err := tls.Dial("tcp", address, &tls.Config{RootCAs: s.CA(), MinVersion: version, MaxVersion: version})
			g.Expect(err).NotTo(HaveOccurred())
			fmt.Fprintf(cut, "%d %s", len(goodLine), goodLine)
			w.wait(KindLine, 2)
			cut.NetConn().(*net.TCPConn).CloseWrite()
			g.Expect(w.wait(KindClosed, 2)[1].Detail).To(HavePrefix("fin from the peer without close_notify"))
		})
	}
}

func TestAStalledTLSConnectionReadsOnAndIsDrained(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := secure(t, s)
	c, err := tls.Dial("tcp", address, &tls.Config{RootCAs: s.CA()})
	g.Expect(err).NotTo(HaveOccurred())
	fmt.Fprint(c, line(1))
	w.wait(KindLine, 1)
	inject(t, s, Fault{Name: "stall"})
	w.wait(KindFaultHit, 1)
	fmt.Fprint(c, line(2))
	g.Expect(s.Heal("stall")).To(Succeed())
	w.wait(KindLine, 2)
	inject(t, s, Fault{Name: "stall"})
	w.wait(KindFaultHit, 2)
	fmt.Fprint(c, line(3))
	inject(t, s, Fault{Name: "reset"})
	g.Expect(readEnd(c)).To(MatchError(syscall.ECONNRESET))
	w.wait(KindClosed, 1)
	g.Expect(s.Arrivals()[2].ID).To(Equal(lineID(3)))
	g.Expect(s.Arrivals()[2].Place).To(Equal(Unread))
}
