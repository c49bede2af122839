package agent

import (
	"crypto/tls"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/wiretest"
)

func TestAReceiversCertificateFaultIsInTheNotificationAndTheLog(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		served := &tls.Config{Certificates: []tls.Certificate{w.certificate}} // the service's, which is trusted
		w.settings.TLS = &TLS{}
		w.receivers["192.0.2.1:514"] = func(end *wiretest.End) {
			tls.Server(end, served).Handshake()
			end.Close()
		}
		stop := w.start()
		pass(2 * time.Minute)
		const detail = "syslog.example:514: TLS: the certificate is not for syslog.example but for contoso.example"
		g.Expect(w.contacts[len(w.contacts)-1].Notifications).To(HaveLen(1))
		g.Expect(w.contacts[len(w.contacts)-1].Notifications[0].ID).To(Equal(console.DataServerConnectionError))
		g.Expect(w.contacts[len(w.contacts)-1].Notifications[0].Detail).To(Equal(detail))
		g.Expect(w.logged.String()).To(ContainSubstring(detail))
		g.Expect(stop()).To(Succeed())
	})
}

func TestFilesOfTheReceiversTLSThatCanNotBeReadEndTheStart(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.settings.TLS = &TLS{CAFile: "/nowhere/ca.pem"}
		g.Expect(w.start()()).To(MatchError("General error during bootstrap: settings: tls: open /nowhere/ca.pem: no such file or directory"))
	})
}

func TestWithoutPRITheLogNamesTheReceiversThatGuess(t *testing.T) {
	for name, c := range map[string]struct {
		edit    func(w *world)
		guessed bool
	}{
		"with PRI":          {func(*world) {}, false},
		"without":           {func(w *world) { w.configuration.IncludePRI = false }, true},
		"octet counting":    {func(w *world) { w.configuration.IncludePRI, w.settings.Framing = false, OctetCounting }, false},
		"RFC 3164":          {func(w *world) { w.configuration.IncludePRI, w.configuration.TimeFormat = false, console.RFC3164 }, false},
		"a datagram a line": {func(w *world) { w.configuration.IncludePRI, w.configuration.Remote.Protocol = false, console.UDP }, false},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(g *WithT, w *world) {
				c.edit(w)
				w.add(1)
				stop := w.start()
				pass(time.Minute)
				g.Expect(stop()).To(Succeed())
				if c.guessed {
					g.Expect(w.logged.String()).To(ContainSubstring("rsyslog (imtcp and imptcp"))
				} else {
					g.Expect(w.logged.String()).NotTo(ContainSubstring("rsyslog"))
				}
				g.Expect(w.received[0][:1] == "<").To(Equal(w.configuration.IncludePRI), "obeyed exactly")
			})
		})
	}
}

func TestEveryLineOfTheLogHasWhatIsAskedFirst(t *testing.T) {
	inWorld(t, func(g *WithT, w *world) {
		w.receivers["192.0.2.1:514"] = nil
		stop := w.start()
		pass(2 * time.Minute)
		g.Expect(w.logged.String()).To(ContainSubstring(`msg="notification raised" id=data-server-connection-error detail="syslog.example:514: 192.0.2.1:514: connection refused" ` +
			"agent=0123456789abcdef01234567 tenant=contoso receiver=syslog.example:514 condition=held\n"))
		g.Expect(stop()).To(Succeed())
	})
}
