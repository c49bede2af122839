package agent

import (
	"crypto/tls"
	"net/http"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/internal/wiretest"
)

// Whoever answers in the service's place must not learn the token, nor lead the
// agent around its proxy.
func TestTheTokenIsNotTakenWhereTheServiceSendsTheAgent(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		elsewhere := 0
		w.receivers["192.0.2.55:443"] = func(end *wiretest.End) {
			w.do(func() { elsewhere++ })
			tls.Server(end, &tls.Config{Certificates: []tls.Certificate{w.certificate}}).Handshake()
			end.Close()
		}
		w.server.Handler = http.RedirectHandler("https://192.0.2.55/login?a=b", http.StatusTemporaryRedirect)
		w.renew = func() string { return w.token } // so that each request is given the token
		stop := w.start()
		pass(5 * time.Minute)
		g.Expect(stop()).To(Succeed(), "it may be better next time")
		g.Expect(elsewhere).To(BeZero())
		g.Expect(w.logged.String()).To(ContainSubstring("no contact, it will be tried again"))
		g.Expect(w.logged.String()).To(ContainSubstring("the service redirects to 192.0.2.55/login: that is not followed"))
	})
}
