package fakecas

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// A client of a service that is gone must not take silence for a 200.
func TestAClosedServerBreaksConnections(t *testing.T) {
	g := NewWithT(t)
	s := &Server{BaseURL: "https://a.test"}
	handlers := []http.Handler{s.Handler(), s.Control("127.0.0.1")}
	g.Expect(s.Close()).To(Succeed())
	for i, path := range []string{"/api/v1/activities/", "/healthz"} {
		front := httptest.NewServer(handlers[i])
		defer front.Close()
		r, err := http.Get(front.URL + path)
		if err == nil {
			r.Body.Close()
			t.Errorf("%s was answered with %d", path, r.StatusCode)
		}
	}
}

// weary is a listener whose first accept fails for want of file descriptors.
type weary struct {
	net.Listener
	failed atomic.Bool
}

func (l *weary) Accept() (net.Conn, error) {
	if l.failed.CompareAndSwap(false, true) {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Err: syscall.EMFILE}
	}
	return l.Listener.Accept()
}

func TestAFailedAcceptIsNotTheLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(s *Server) {
			listen := s.Listen
			s.Listen = func(ctx context.Context, network, address string) (net.Listener, error) {
				l, err := listen(ctx, network, address)
				return &weary{Listener: l}, err
			}
		})
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, "GET", w.URL()+"/api/v1/activities/", nil)
		w.Expect(err).NotTo(HaveOccurred())
		answer, err := w.client.Do(r)
		w.Expect(err).NotTo(HaveOccurred())
		w.Expect(answer.Body.Close()).To(Succeed())
		w.Expect(w.events.of(KindConnectionFailed)).To(ContainElement(ContainSubstring("too many open files")))
	})
}

// What is healed where its address can't be listened on is told, and doesn't
// break what is healed after it.
func TestHealingWhereTheAddressIsNotOurs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		taken := errors.New("cannot assign requested address")
		w := newWorld(t, func(s *Server) {
			listen := s.Listen
			s.Listen = func(ctx context.Context, network, address string) (net.Listener, error) {
				if address == "192.0.2.77:443" {
					return nil, taken
				}
				return listen(ctx, network, address)
			}
		})
		w.inject("refuse")
		w.inject("moved", "to", "192.0.2.77:443")
		w.Expect(w.Heal("refuse")).To(MatchError(taken))
		w.Expect(w.Heal("moved")).To(Succeed())
		w.redial()
		w.Expect(w.do("GET", "/api/v1/activities/", nil).status).To(Equal(200))
	})
}

func TestTheAuthorityIsNotThatOfAGivenCertificate(t *testing.T) {
	g := NewWithT(t)
	other := NewTestServer(t)
	given, err := other.authority.issue([]string{"127.0.0.1"}, other.authority.certificate.NotBefore, other.authority.certificate.NotAfter)
	g.Expect(err).NotTo(HaveOccurred())
	s := NewTestServer(t, func(s *Server) { s.Certificate = given })
	g.Expect(s.CAPEM()).To(BeNil())
	g.Expect(s.CA()).To(BeNil())
	rec := httptest.NewRecorder()
	s.Control("localhost").ServeHTTP(rec, httptest.NewRequest("GET", "http://localhost/v1/ca", nil))
	g.Expect(rec.Code).To(Equal(404))
	conn, err := tls.Dial("tcp", s.Addr().String(), &tls.Config{RootCAs: other.CA()})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(conn.Close()).To(Succeed())
}
