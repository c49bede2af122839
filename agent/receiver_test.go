package agent

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
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
		g.Expect(w.lastContact().Notifications).To(HaveLen(1))
		g.Expect(w.lastContact().Notifications[0].ID).To(Equal(console.DataServerConnectionError))
		g.Expect(w.lastContact().Notifications[0].Detail).To(Equal(detail))
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

// files writes a certificate for name, its key and its authority as PEM.
func files(t *testing.T, name string) (ca, certificate, key string) {
	authority := newAuthority(t)
	pair := authority.issueFor(t, name)
	directory := t.TempDir()
	write := func(file, kind string, der []byte) string {
		path := filepath.Join(directory, file)
		os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600)
		return path
	}
	der, err := x509.MarshalPKCS8PrivateKey(pair.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	return write("ca.pem", "CERTIFICATE", authority.certificate.Raw), write("cert.pem", "CERTIFICATE", pair.Certificate[0]), write("key.pem", "PRIVATE KEY", der)
}

// The receiver demands a certificate; name, authority and certificate of the
// agent are those that the settings say.
func TestTLSToTheReceiverWithACAAServerNameAndAClientCertificate(t *testing.T) {
	ca, certificate, key := files(t, "syslog.internal")
	g := NewWithT(t)
	client, err := (&TLS{CAFile: ca, ServerName: "syslog.internal", CertificateFile: certificate, KeyFile: key}).config(clockAt(someDay), nil)
	g.Expect(err).NotTo(HaveOccurred())
	server := &tls.Config{Certificates: client.Certificates, ClientCAs: client.RootCAs, ClientAuth: tls.RequireAndVerifyClientCert, Time: client.Time}
	g.Expect(shake(server, client)).To(Succeed())

	client.ServerName = "syslog.example"
	g.Expect(inPlainWords(shake(server, client), someDay)).To(MatchError("the certificate is not for syslog.example but for syslog.internal"))
}

func TestFilesOfTLSThatAreOfNoUse(t *testing.T) {
	ca, certificate, key := files(t, "syslog.internal")
	_, _, other := files(t, "syslog.internal")
	for wanted, c := range map[string]TLS{
		"caFile: " + key + ": expected certificates in PEM": {CAFile: key},
		"tls: private key does not match public key":        {CAFile: ca, CertificateFile: certificate, KeyFile: other},
		"open /nowhere/key: no such file or directory":      {CertificateFile: certificate, KeyFile: "/nowhere/key"},
	} {
		_, err := c.config(clockAt(someDay), nil)
		NewWithT(t).Expect(err).To(MatchError(wanted))
	}
}

// clockAt is a clock that stands still.
type clockAt time.Time

func (c clockAt) Now() time.Time                                     { return time.Time(c) }
func (c clockAt) AfterFunc(time.Duration, func()) (stop func() bool) { panic("no timer is wanted") }
func (c clockAt) Busy(int)                                           {}

// Only the flag counts: what the environment says of proxies is for others.
func TestTheEnvironmentsProxyIsIgnored(t *testing.T) {
	t.Setenv("HTTPS_PROXY", "http://192.0.2.77:3128")
	t.Setenv("ALL_PROXY", "http://192.0.2.77:3128")
	inWorld(t, func(g *WithT, w *world) {
		w.add(10)
		stop := w.start()
		pass(time.Minute)
		g.Expect(stop()).To(Succeed())
		lost, _ := w.tally()
		g.Expect(lost).To(BeZero())
	})
}
