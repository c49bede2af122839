package agent

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"time"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/cas"
	"siemdrill/agent/internal/cef"
	"siemdrill/agent/internal/syslog"
)

// sink is the receiver of a configuration, spoken to as the settings say.
func (a *Agent) sink(c console.Configuration) *syslog.Sink {
	s := &syslog.Sink{
		Transport: syslog.TCP,
		Host:      c.Remote.Host,
		Port:      c.Remote.Port,
		MaxSize:   a.settings.MaxSize,
		Dialer:    a.delivery.dialer,
		Limit:     time.Duration(a.settings.DialLimit),
		Clock:     a.clock,
	}
	if a.settings.Framing == OctetCounting {
		s.Framing = syslog.OctetCounting
	}
	switch {
	case c.Remote.Protocol == console.UDP:
		s.Transport = syslog.UDP
	case a.receiverTLS != nil:
		s.Transport = syslog.TLS
		s.TLS = a.receiverTLS
	}
	return s
}

// logConfiguration says what the agent does from now on, and what whoever
// reads on at the receiver has to know.
func (a *Agent) logConfiguration(c console.Configuration) {
	a.log.Info("configuration", "version", c.Version, "protocol", c.Remote.Protocol, "tls", a.receiverTLS != nil, "framing", a.settings.Framing,
		"format", c.Format, "timeFormat", c.TimeFormat, "includePRI", c.IncludePRI, "includeSystemName", c.IncludeSystemName,
		"activities", enabled(c, cas.Activity), "alerts", enabled(c, cas.Alert))
	if c.Remote.Protocol == console.UDP {
		a.log.Info("over UDP nothing can be confirmed: what is lost on the way is lost")
		return
	}
	if guessed(c, a.settings.Framing) {
		a.log.Warn("a line without PRI begins with its year: a receiver that guesses the framing takes that for the length of a frame and runs lines together",
			"these guess", "rsyslog (imtcp and imptcp, unless supportOctetCountedFraming is off), Graylog (Syslog TCP)",
			"instead", "include PRI in the portal, or set framing to "+string(OctetCounting))
	}
}

// guessed reports whether lines can be mistaken for frames of RFC 6587, section
// 3.4.1. Measured with rsyslog 8.2302 and its defaults: of 12 such lines none
// arrived whole; with PRI, or with guessing turned off, all 12 did.
func guessed(c console.Configuration, f Framing) bool {
	return !c.IncludePRI && c.TimeFormat == console.RFC5424 && f == NonTransparent
}

// config reads the files that t names; it is nil if t is.
func (t *TLS) config(clock Clock, roots *x509.CertPool) (*tls.Config, error) {
	if t == nil {
		return nil, nil
	}
	config := &tls.Config{
		ServerName:         t.ServerName,
		MinVersion:         tls.VersionTLS12,
		RootCAs:            roots,
		Time:               clock.Now,
		ClientSessionCache: tls.NewLRUClientSessionCache(0), // a connection a batch: resuming makes that cheap
		VerifyConnection:   notRevoked,
	}
	if t.CAFile != "" {
		pem, err := os.ReadFile(t.CAFile)
		if err != nil {
			return nil, err
		}
		config.RootCAs = x509.NewCertPool()
		if !config.RootCAs.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("caFile: %s: expected certificates in PEM", t.CAFile)
		}
	}
	if t.CertificateFile != "" {
		certificate, err := tls.LoadX509KeyPair(t.CertificateFile, t.KeyFile)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	return config, nil
}

// layout is how lines look by a configuration.
func (a *Agent) layout(c console.Configuration) cef.Layout {
	l := cef.Layout{
		Format:     c.Format,
		TimeFormat: c.TimeFormat,
		IncludePRI: c.IncludePRI,
		Version:    a.settings.CEFVersion,
		Portal:     "https://" + c.Tenant + ".portal.cloudappsecurity.com/#",
	}
	if c.IncludeSystemName {
		l.SystemName = a.config.Machine
	}
	return l
}
