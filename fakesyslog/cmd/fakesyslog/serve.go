package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"siemdrill/fakesyslog"
)

// started is the first line of a server that was called with -json.
type started struct {
	Listening []listening `json:"listening"`
	Control   string      `json:"control,omitempty"`
	DNS       string      `json:"dns,omitempty"`
	CA        string      `json:"ca,omitempty"` // the file, with -ca
}

type listening struct {
	Network string `json:"network"`
	Address string `json:"address"`
}

// serve runs the server until ctx is done.
func serve(ctx context.Context, o options, stdout io.Writer) (err error) {
	history := &fakesyslog.History{}
	p := &printer{o: o, w: stdout, history: history}
	s := &fakesyslog.Server{Hook: p.hook}
	if err := o.configure(s); err != nil {
		return err
	}
	if err := o.trust(s); err != nil {
		return fileError{err}
	}
	closeOut, err := o.openOut(s, stdout)
	if err != nil {
		return fileError{err}
	}
	defer func() {
		if e := closeOut(); err == nil {
			err = e
		}
	}()
	control := &fakesyslog.Control{Server: s, History: history}
	if o.stepped {
		clock := newSteppedClock()
		s.Clock, control.Advance = clock, clock.advance
	}
	defer s.Close()
	first, err := o.start(s)
	if err != nil {
		return err
	}
	if o.control != "" {
		addr, err := control.Start(o.control)
		if err != nil {
			return err
		}
		defer control.Close()
		first.Control = addr.String()
	}
	p.begin(first)
	show(ctx, o, s, history, stdout)
	return nil
}

// start listens and injects the faults of the call.
func (o options) start(s *fakesyslog.Server) (first started, err error) {
	for _, e := range o.listen {
		addr, err := s.Start(e.network, e.address)
		if err != nil {
			return first, err
		}
		first.Listening = append(first.Listening, listening{e.network, addr.String()})
	}
	if o.dns != "" {
		addr, err := s.StartNames(o.dns, o.names)
		if err != nil {
			return first, err
		}
		first.DNS = addr.String()
	}
	for _, f := range o.faults {
		if _, err := s.Inject(f); err != nil {
			return first, err
		}
	}
	if o.ca != "" {
		if err := os.WriteFile(o.ca, s.CAPEM(), 0o644); err != nil {
			return first, fileError{err}
		}
		first.CA = o.ca
	}
	return first, nil
}

// trust reads the files of TLS.
func (o options) trust(s *fakesyslog.Server) error {
	s.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
	if o.cert != "" {
		cert, err := tls.LoadX509KeyPair(o.cert, o.key)
		if err != nil {
			return fmt.Errorf("certificate %s: %w", o.cert, err)
		}
		s.TLS.Certificates = []tls.Certificate{cert}
	}
	if o.clientCA != "" {
		pool, err := authorities(o.clientCA)
		if err != nil {
			return fmt.Errorf("client CA: %w", err)
		}
		s.TLS.ClientCAs, s.TLS.ClientAuth = pool, tls.VerifyClientCertIfGiven
	}
	if o.forwardCA != "" {
		pool, err := authorities(o.forwardCA)
		if err != nil {
			return fmt.Errorf("CA of the receiver behind: %w", err)
		}
		s.ForwardTLS.RootCAs = pool
	}
	return nil
}

// authorities reads certificates that are trusted.
func authorities(file string) (*x509.CertPool, error) {
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s: no certificate in it, expected PEM", file)
	}
	return pool, nil
}

// writeJSON writes v on one line.
func writeJSON(w io.Writer, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // plain structs
	}
	w.Write(append(b, '\n'))
}
