package fakecas

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// redial makes the next request use a new connection.
func (w *world) redial() { w.client.CloseIdleConnections() }

func (w *world) inject(name string, args ...string) {
	f := Fault{Name: name, Args: map[string]string{}}
	for i := 0; i+1 < len(args); i += 2 {
		f.Args[args[i]] = args[i+1]
	}
	_, err := w.Inject(f)
	w.ExpectWithOffset(1, err).NotTo(HaveOccurred())
}

// scanPage asks for the first page of a scan.
func (w *world) scanPage() response {
	return w.do("POST", "/api/v1/activities/", members{"isScan": true, "sortField": "created", "sortDirection": "asc"})
}

// What a plain client sees of each fault, and that healing undoes it.
func TestWhatAClientSeesOfAFault(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		see  func(w *world)
	}{
		"slow": {[]string{"delay", "45s"}, func(w *world) {
			start := time.Now()
			w.Expect(w.scanPage().status).To(Equal(200))
			w.Expect(time.Since(start)).To(Equal(45 * time.Second))
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			defer cancel()
			r, _ := http.NewRequestWithContext(ctx, "GET", w.URL()+"/api/v1/activities/", nil)
			_, err := w.client.Do(r)
			w.Expect(err).To(MatchError(context.DeadlineExceeded))
		}},
		"slow-body": {[]string{"rate", "10000"}, func(w *world) {
			start := time.Now()
			r := w.scanPage()
			w.Expect(w.ids(r)).To(HaveLen(500))
			w.Expect(time.Since(start)).To(Equal(time.Duration((len(r.body)-1)/10000) * time.Second))
		}},
		"truncated": {nil, func(w *world) {
			r := w.scanPage()
			w.Expect(r.status).To(Equal(200))
			w.Expect(r.err).To(HaveOccurred())
			w.Expect(len(r.body)).To(BeNumerically(">", 1000))
			w.Expect(w.events.all(KindServed)).To(BeEmpty(), "what was cut off was not served")
		}},
		"malformed": {nil, func(w *world) {
			r := w.scanPage()
			w.Expect(r.status).To(Equal(200))
			w.Expect(r.err).NotTo(HaveOccurred())
			w.Expect(string(r.body)).To(HavePrefix(`{"data":[`))
			w.Expect(string(r.body)).NotTo(HaveSuffix(`}`))
			w.HealAll()
			w.inject("malformed", "as", "html")
			w.Expect(string(w.scanPage().body)).To(HavePrefix("<!doctype html>"))
		}},
		"empty": {nil, func(w *world) {
			r := w.scanPage()
			w.Expect(r.status).To(Equal(200))
			w.Expect(r.body).To(BeEmpty())
			w.HealAll()
			w.inject("empty", "as", "object")
			w.Expect(string(w.scanPage().body)).To(Equal("{}"))
		}},
		"no-next-filters": {nil, func(w *world) {
			answer := w.scanPage().json(w.WithT)
			w.Expect(answer["hasNext"]).To(BeTrue())
			w.Expect(answer).NotTo(HaveKey("nextQueryFilters"))
			w.HealAll()
			w.inject("no-next-filters", "always", "true")
			w.Expect(w.do("GET", "/api/v1/alerts/", nil).json(w.WithT)["hasNext"]).To(BeTrue())
		}},
		"ignore-parameters": {nil, func(w *world) {
			ids := w.ids(w.scanPage())
			w.Expect(ids).To(HaveLen(100))
			newest := w.ledgerIDs()[1199]
			w.Expect(ids[0]).To(Equal(newest))
		}},
		"late": {[]string{"by", "90m", "share", "30"}, func(w *world) {
			body := members{"sortField": "created", "sortDirection": "asc"}
			early := flat(w.scanAll(body))
			w.Expect(len(early)).To(BeNumerically("~", 840, 60))
			time.Sleep(90 * time.Minute)
			w.Expect(flat(w.scanAll(members{"sortField": "created", "sortDirection": "asc"}))).To(Equal(w.ledgerIDs()))
		}},
		"out-of-order": {nil, func(w *world) {
			ids := w.ids(w.scanPage())
			w.Expect(ids).NotTo(Equal(w.ledgerIDs()[:500]))
			w.Expect(sorted(ids)).To(Equal(sorted(w.ledgerIDs()[:500])))
			w.Expect(w.ids(w.scanPage())).To(Equal(ids), "the same seed, the same order")
		}},
		"repeated": {[]string{"records", "3"}, func(w *world) {
			ids := w.ids(w.scanPage())
			w.Expect(ids).To(HaveLen(503))
			w.Expect(ids[500:]).To(Equal(ids[497:500]))
		}},
		"stalled": {nil, func(w *world) {
			answer := w.scanPage().json(w.WithT)
			w.Expect(answer["data"]).To(BeEmpty())
			w.Expect(answer["hasNext"]).To(BeFalse())
		}},
		"reset": {nil, func(w *world) {
			w.Expect(w.scanPage().err).To(HaveOccurred())
			w.HealAll()
			w.inject("reset", "at", "answer")
			w.Expect(w.scanPage().err).To(HaveOccurred())
			w.HealAll()
			w.inject("reset", "at", "connection")
			w.redial()
			w.Expect(w.scanPage().err).To(HaveOccurred())
		}},
		"admin-removed": {nil, func(w *world) {
			w.Expect(w.scanPage().status).To(Equal(401))
		}},
		"moved": {[]string{"to", "192.0.2.77:443"}, func(w *world) {
			w.Expect(w.scanPage().err).To(HaveOccurred())
			w.Expect(w.URL()).To(Equal("https://192.0.2.1:443"), "that is what clients were told")
		}},
		"unknown-ca": {nil, func(w *world) {
			w.Expect(errors.As(w.scanPage().err, new(x509.UnknownAuthorityError))).To(BeTrue())
		}},
		"expired": {nil, func(w *world) {
			var invalid x509.CertificateInvalidError
			w.Expect(errors.As(w.scanPage().err, &invalid)).To(BeTrue())
			w.Expect(invalid.Reason).To(Equal(x509.Expired))
		}},
		"wrong-name": {nil, func(w *world) {
			w.Expect(errors.As(w.scanPage().err, new(x509.HostnameError))).To(BeTrue())
		}},
		"old-tls": {nil, func(w *world) {
			w.Expect(w.scanPage().err).To(MatchError(ContainSubstring("protocol version")))
			w.Expect(w.events.of(KindConnectionFailed)).NotTo(BeEmpty())
		}},
		"black-hole": {[]string{"established", "true"}, func(w *world) {
			got := make(chan response, 1)
			go func() { got <- w.scanPage() }()
			time.Sleep(time.Hour)
			synctest.Wait()
			w.Expect(got).NotTo(Receive())
			w.HealAll()
			w.Expect((<-got).status).To(Equal(200), "what was held goes on")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.Tenant().AddActivities(1200, Spread{Ago: time.Minute, Over: time.Hour})
				w.inject(name, c.args...)
				synctest.Wait()
				c.see(w)
				w.Expect(w.events.all(KindFaultHit)).NotTo(BeEmpty())
				w.HealAll()
				synctest.Wait()
				w.redial()
				w.Expect(w.ids(w.scanPage())).To(Equal(w.ledgerIDs()[:500]))
				w.Expect(w.events.all(KindFaultHealed)).To(HaveLen(len(w.events.all(KindFaultInjected))))
			})
		})
	}
}

func TestTheNewAddressOfAServiceThatMoved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(s *Server) { s.BaseURL = "https://api.contoso.test"; s.Hosts = []string{"api.contoso.test"} })
		transport := w.client.Transport.(*http.Transport)
		network := transport.DialContext
		at := "192.0.2.1:443"
		transport.DialContext = func(ctx context.Context, n, _ string) (net.Conn, error) { return network(ctx, n, at) }
		w.Expect(w.scanPage().status).To(Equal(200))
		w.inject("moved", "to", "192.0.2.77:443")
		synctest.Wait()
		w.Expect(w.scanPage().err).To(HaveOccurred())
		at = "192.0.2.77:443"
		w.Expect(w.scanPage().status).To(Equal(200))
	})
}

// certificateNow returns the certificate that a new connection is shown, and
// what is stapled to it.
func (w *world) certificateNow() *tls.ConnectionState {
	w.redial()
	r, err := http.NewRequest("GET", w.URL()+"/", nil)
	w.Expect(err).NotTo(HaveOccurred())
	answer, err := w.client.Do(r)
	w.Expect(err).NotTo(HaveOccurred())
	_ = answer.Body.Close()
	return answer.TLS
}

func TestRotatedAndRevokedCertificatesAreTrustedByThoseWhoDontLook(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		first := w.certificateNow().PeerCertificates[0]
		w.inject("rotated")
		second := w.certificateNow()
		w.Expect(second.PeerCertificates[0].Equal(first)).To(BeFalse())
		w.Expect(second.OCSPResponse).To(BeEmpty())
		w.Expect(w.certificateNow().PeerCertificates[0].Equal(second.PeerCertificates[0])).To(BeTrue())
		w.HealAll()
		w.Expect(w.certificateNow().PeerCertificates[0].Equal(first)).To(BeTrue())

		w.inject("revoked")
		revoked := w.certificateNow()
		w.Expect(stapled(w.WithT, revoked)).To(Equal("revoked"))
	})
}

func TestTLS12AndNewerIsServed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		config := w.client.Transport.(*http.Transport).TLSClientConfig
		config.MinVersion, config.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
		w.Expect(w.certificateNow().Version).To(Equal(uint16(tls.VersionTLS12)))
	})
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		config := w.client.Transport.(*http.Transport).TLSClientConfig
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
		w.Expect(w.scanPage().err).To(MatchError(ContainSubstring("protocol version")))
	})
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Expect(w.certificateNow().NegotiatedProtocol).To(Equal("h2"))
	})
}

// On the kernel's network a reset is a reset.
func TestResetAndRefusalOnLoopback(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	g.Expect(s.Start("127.0.0.1:0")).To(Succeed())
	defer s.Close()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: s.CA()}, DisableKeepAlives: true}}
	get := func() error {
		r, err := client.Get(s.URL() + "/api/v1/alerts/")
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, r.Body)
		return errors.Join(err, r.Body.Close())
	}
	g.Expect(get()).To(Succeed())
	_, err := s.Inject(Fault{Name: "reset"})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(errors.Is(get(), syscall.ECONNRESET)).To(BeTrue())
	s.HealAll()
	_, err = s.Inject(Fault{Name: "refuse"})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(errors.Is(get(), syscall.ECONNREFUSED)).To(BeTrue())
	g.Expect(s.Heal("refuse")).To(Succeed())
	g.Expect(get()).To(Succeed())
}
