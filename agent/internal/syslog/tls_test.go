package syslog

import (
	"crypto/tls"
	"io"
	"net"
	"strconv"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/agent/internal/dial"
)

// loopback is a TLS receiver on the kernel's loopback, and a sink to it.
// Sessions are handed out as they are accepted, before their handshake.
func loopback(t *testing.T, change ...func(*tls.Config)) (*Sink, <-chan *tls.Conn) {
	t.Helper()
	g := NewWithT(t)
	certificate, roots := newCertificate(t)
	config := &tls.Config{Certificates: []tls.Certificate{certificate}}
	for _, c := range change {
		c(config)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	t.Cleanup(func() { listener.Close() })
	accepted := make(chan *tls.Conn, 1)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			accepted <- tls.Server(conn, config)
		}
	}()
	_, port, _ := net.SplitHostPort(listener.Addr().String())
	sink := &Sink{
		Transport: TLS, Host: "127.0.0.1", Framing: OctetCounting, Clock: systemClock{}, Dialer: dial.Dialer{Clock: systemClock{}},
		TLS: &tls.Config{RootCAs: roots, ServerName: "syslog.example", ClientSessionCache: tls.NewLRUClientSessionCache(0)},
	}
	sink.Port, _ = strconv.Atoi(port)
	return sink, accepted
}

// deliver sends lines of 700 bytes and returns what confirmation says. With
// late it asks for that only once the receiver has ended its side.
func deliver(t *testing.T, sink *Sink, lines int, late bool) error {
	connection, err := sink.Dial(t.Context())
	if err != nil {
		return err
	}
	defer connection.Close()
	for range lines {
		if err := connection.Send(make([]byte, 700)); err != nil {
			return err
		}
	}
	if err := connection.Flush(); err != nil {
		return err
	}
	if late {
		<-connection.Ended()
	}
	return connection.Confirm(t.Context())
}

// A connection a batch would cost a whole handshake a batch.
func TestTLSSessionsAreResumed(t *testing.T) {
	for name, version := range map[string]uint16{"1.2": tls.VersionTLS12, "1.3": tls.VersionTLS13} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			sink, accepted := loopback(t, func(c *tls.Config) { c.MaxVersion = version })
			resumed := make(chan bool, 5)
			go func() {
				for session := range accepted {
					io.Copy(io.Discard, session)
					resumed <- session.ConnectionState().DidResume
					session.Close()
				}
			}()
			for i := range 5 {
				g.Expect(deliver(t, sink, 100, false)).To(Succeed())
				g.Expect(<-resumed).To(Equal(i > 0))
			}
		})
	}
}

// The rules of Confirm as the kernel and crypto/tls play them.
func TestConfirmOverTLSOnTheKernelsLoopback(t *testing.T) {
	for name, c := range map[string]struct {
		receiver func(session *tls.Conn, raw *net.TCPConn)
		wanted   string // empty: confirmed
	}{
		"reads to the end and closes": {func(s *tls.Conn, _ *net.TCPConn) { io.Copy(io.Discard, s); s.Close() }, ""},
		"reads to the end and dies: the kernel closes for it": {func(s *tls.Conn, raw *net.TCPConn) {
			io.Copy(io.Discard, s)
			raw.Close()
		}, "without a TLS close_notify"},
		"dies with lines unread": {func(s *tls.Conn, raw *net.TCPConn) { s.Read(make([]byte, 100)); raw.Close() }, "."},
		"closes the session early, and throws away what comes still": {func(s *tls.Conn, raw *net.TCPConn) {
			s.Read(make([]byte, 100))
			s.CloseWrite()
			io.Copy(io.Discard, raw)
			raw.Close()
		}, "the receiver closed the connection"},
		"closes in the middle": {func(s *tls.Conn, _ *net.TCPConn) { s.Read(make([]byte, 100)); s.Close() }, "."},
		"reads to the end and resets": {func(s *tls.Conn, raw *net.TCPConn) {
			io.Copy(io.Discard, s)
			raw.SetLinger(0)
			raw.Close()
		}, "."},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			sink, accepted := loopback(t)
			over := make(chan struct{})
			go func() {
				defer close(over)
				session := <-accepted
				c.receiver(session, session.NetConn().(*net.TCPConn))
			}()
			err := deliver(t, sink, 1000, c.wanted == ErrEnded.Error())
			<-over
			if c.wanted == "" {
				g.Expect(err).NotTo(HaveOccurred())
			} else {
				g.Expect(err).To(MatchError(ContainSubstring(c.wanted)))
			}
		})
	}
}

func TestATLSReceiverIsSpokenToInVersion12OrNewer(t *testing.T) {
	g := NewWithT(t)
	sink, accepted := loopback(t, func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11 })
	go func() { (<-accepted).Handshake() }()
	g.Expect(deliver(t, sink, 1, false)).To(MatchError(ContainSubstring("127.0.0.1:" + strconv.Itoa(sink.Port) + ": TLS: ")))
}
