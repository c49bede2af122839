package agent

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"time"

	"siemdrill/agent/console"
	"siemdrill/agent/internal/cef"
	"siemdrill/agent/internal/syslog"
)

// sink is the receiver of a configuration, spoken to as the settings say.
func (a *Agent) sink(c console.Configuration) (*syslog.Sink, error) {
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
		a.log.Info("over UDP nothing can be confirmed: what is lost on the way is lost")
	case a.settings.TLS != nil:
		s.Transport = syslog.TLS
		config, err := a.settings.TLS.config(a.clock, a.config.RootCAs)
		if err != nil {
			return nil, fmt.Errorf("settings: tls: %w", err)
		}
		s.TLS = config
	}
	return s, nil
}

func (t *TLS) config(clock Clock, roots *x509.CertPool) (*tls.Config, error) {
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
