package syslog

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"math/big"
	"net"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/internal/dial"
	"siemdrill/agent/internal/wiretest"
)

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }
func (systemClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}
func (systemClock) Busy(int) {}

// sinkTo is a sink whose dials give conn.
func sinkTo(conn net.Conn) *Sink {
	return &Sink{
		Transport: TCP, Host: "192.0.2.1", Port: 514, Clock: systemClock{},
		Dialer: dial.Dialer{Clock: systemClock{}, Dial: func(context.Context, string, string) (net.Conn, error) { return conn, nil }},
	}
}

var errPatience = errors.New("out of patience")

// limit is a context that ends after d of the bubble.
func limit(d time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(context.Background())
	timer := time.AfterFunc(d, func() { cancel(errPatience) })
	return ctx, func() { timer.Stop(); cancel(nil) }
}

// Each receiver gets one line; only the first has read it for sure.
func TestConfirm(t *testing.T) {
	for name, c := range map[string]struct {
		receiver func(e *wiretest.End)
		wanted   string // empty: confirmed
	}{
		"it reads to the end and closes": {func(e *wiretest.End) { io.Copy(io.Discard, e); e.Close() }, ""},
		"it talks back, reads to the end and closes": {func(e *wiretest.End) {
			e.Write([]byte("hello"))
			io.Copy(io.Discard, e)
			e.Close()
		}, ""},
		"it closes when it is asked to, with the line unread": {func(e *wiretest.End) { e.WaitEOF(); e.Close() }, "connection reset by peer"},
		"it reads the line and closes before it is asked to":  {func(e *wiretest.End) { e.Read(make([]byte, 100)); e.Close() }, "the receiver closed the connection"},
		"it resets at once":                            {func(e *wiretest.End) { e.Reset() }, "connection reset by peer"},
		"it reads to the end and resets":               {func(e *wiretest.End) { io.Copy(io.Discard, e); e.Reset() }, "connection reset by peer"},
		"it reads to the end and keeps the connection": {func(e *wiretest.End) { io.Copy(io.Discard, e) }, "the end of the stream did not come: out of patience"},
		"it does nothing":                              {func(*wiretest.End) {}, "the end of the stream did not come: out of patience"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				here, there := wiretest.Pair("192.0.2.9:40000", "192.0.2.1:514")
				connection, err := sinkTo(here).Dial(t.Context())
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(connection.Name()).To(Equal("192.0.2.9:40000>192.0.2.1:514"))
				g.Expect(connection.Send([]byte("a line"))).To(Succeed())
				g.Expect(connection.Flush()).To(Succeed())
				go c.receiver(there)
				synctest.Wait()
				ctx, stop := limit(time.Minute)
				defer stop()
				err = connection.Confirm(ctx)
				connection.Close()
				if c.wanted == "" {
					g.Expect(err).NotTo(HaveOccurred())
					return
				}
				g.Expect(err).To(MatchError(ContainSubstring(c.wanted)))
			})
		})
	}
}

func TestConfirmWaitsForTheAcknowledgementOfEveryByte(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		here, there := wiretest.Pair("a", "b")
		go func() { io.Copy(io.Discard, there); there.Close() }()
		connection, _ := sinkTo(here).Dial(t.Context())
		here.Stick(7)
		time.AfterFunc(10*time.Minute, func() { here.Stick(0) })
		began := time.Now()
		g.Expect(connection.Confirm(t.Context())).To(Succeed())
		g.Expect(time.Since(began)).To(BeNumerically("~", 10*time.Minute, askMost))
	})
}

func TestConfirmIsNotForBytesThatAreNeverAcknowledged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		here, there := wiretest.Pair("a", "b")
		go func() { io.Copy(io.Discard, there); there.Close() }()
		connection, _ := sinkTo(here).Dial(t.Context())
		here.Stick(7)
		ctx, stop := limit(time.Hour)
		defer stop()
		g.Expect(connection.Confirm(ctx)).To(MatchError(ContainSubstring("the last bytes were not acknowledged: out of patience")))
		here.Stick(0)
		connection.Close()
	})
}

// tlsReceiver reads to the end of the session and then ends it as told.
func tlsReceiver(e *wiretest.End, certificate tls.Certificate, end func(session *tls.Conn, e *wiretest.End)) {
	session := tls.Server(e, &tls.Config{Certificates: []tls.Certificate{certificate}})
	io.Copy(io.Discard, session)
	end(session, e)
}

func TestConfirmOverTLS(t *testing.T) {
	for name, c := range map[string]struct {
		end    func(session *tls.Conn, e *wiretest.End)
		wanted string
	}{
		"close_notify, then the end of the connection":   {func(s *tls.Conn, e *wiretest.End) { s.CloseWrite(); e.Close() }, ""},
		"the end of the connection without close_notify": {func(_ *tls.Conn, e *wiretest.End) { e.Close() }, "without a TLS close_notify"},
		"close_notify, then a reset":                     {func(s *tls.Conn, e *wiretest.End) { s.CloseWrite(); e.Reset() }, "connection reset by peer"},
		"close_notify and nothing more":                  {func(s *tls.Conn, _ *wiretest.End) { s.CloseWrite() }, "the end of the stream did not come"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				certificate, roots := newCertificate(t)
				here, there := wiretest.Pair("a", "b")
				go tlsReceiver(there, certificate, c.end)
				sink := sinkTo(here)
				sink.Transport, sink.TLS, sink.Limit = TLS, &tls.Config{RootCAs: roots, ServerName: "syslog.example", Time: time.Now}, time.Second
				connection, err := sink.Dial(t.Context())
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(connection.Send([]byte("a line"))).To(Succeed())
				g.Expect(connection.Flush()).To(Succeed())
				ctx, stop := limit(time.Minute)
				defer stop()
				err = connection.Confirm(ctx)
				connection.Close()
				if c.wanted == "" {
					g.Expect(err).NotTo(HaveOccurred())
					return
				}
				g.Expect(err).To(MatchError(ContainSubstring(c.wanted)))
			})
		})
	}
}

func TestATLSReceiverThatIsNotTrustedOrDoesNotAnswer(t *testing.T) {
	for name, c := range map[string]struct {
		receiver func(e *wiretest.End, certificate tls.Certificate)
		wanted   string
	}{
		"not trusted": {func(e *wiretest.End, certificate tls.Certificate) {
			tlsReceiver(e, certificate, func(*tls.Conn, *wiretest.End) { e.Close() })
		}, "192.0.2.1:514: TLS: tls: failed to verify certificate"},
		"silent": {func(*wiretest.End, tls.Certificate) {}, "192.0.2.1:514: TLS: the handshake took longer than 1s"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				certificate, _ := newCertificate(t)
				here, there := wiretest.Pair("a", "b")
				go c.receiver(there, certificate)
				sink := sinkTo(here)
				sink.Transport, sink.TLS, sink.Limit = TLS, &tls.Config{RootCAs: x509.NewCertPool(), Time: time.Now}, time.Second
				_, err := sink.Dial(t.Context())
				g.Expect(err).To(MatchError(ContainSubstring(c.wanted)))
			})
		})
	}
}

func newCertificate(t testing.TB) (tls.Certificate, *x509.CertPool) {
	t.Helper()
	g := NewWithT(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	g.Expect(err).NotTo(HaveOccurred())
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(1000 * time.Hour),
		DNSNames: []string{"syslog.example"}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	g.Expect(err).NotTo(HaveOccurred())
	parsed, err := x509.ParseCertificate(der)
	g.Expect(err).NotTo(HaveOccurred())
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pool
}

// The same against the kernel: it resets a connection that is closed with
// something unread, and that is what confirmation rests on.
func TestConfirmOverTheKernelsLoopback(t *testing.T) {
	for name, c := range map[string]struct {
		receiver func(conn *net.TCPConn)
		read     bool
	}{
		"read to its end":    {func(conn *net.TCPConn) { io.Copy(io.Discard, conn); conn.Close() }, true},
		"closed with unread": {func(conn *net.TCPConn) { conn.Read(make([]byte, 10)); conn.Close() }, false},
		"reset":              {func(conn *net.TCPConn) { conn.Read(make([]byte, 10)); conn.SetLinger(0); conn.Close() }, false},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			g.Expect(err).NotTo(HaveOccurred())
			defer listener.Close()
			go func() {
				conn, err := listener.Accept()
				if err == nil {
					c.receiver(conn.(*net.TCPConn))
				}
			}()
			_, port, _ := net.SplitHostPort(listener.Addr().String())
			sink := &Sink{Transport: TCP, Host: "127.0.0.1", Clock: systemClock{}, Dialer: dial.Dialer{Clock: systemClock{}}}
			sink.Port, _ = strconv.Atoi(port)
			connection, err := sink.Dial(t.Context())
			g.Expect(err).NotTo(HaveOccurred())
			for range 1000 {
				if err = connection.Send(make([]byte, 700)); err != nil {
					break
				}
			}
			if err == nil {
				err = connection.Flush()
			}
			if err == nil {
				err = connection.Confirm(t.Context())
			}
			connection.Close()
			if c.read {
				g.Expect(err).NotTo(HaveOccurred())
			} else {
				g.Expect(err).To(HaveOccurred())
			}
		})
	}
}
