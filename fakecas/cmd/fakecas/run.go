package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
)

// The exit statuses.
const (
	exitOK    = 0
	exitError = 1 // the service could not run
	exitUsage = 2 // the command line, or a file that it names, is wrong
)

// run serves until the context ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, err := parse(args, stderr)
	switch {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage
	case o.faults:
		printFaults(stdout)
		return exitOK
	}
	err = serve(ctx, o, stdout)
	if err == nil {
		return exitOK
	}
	fmt.Fprintf(stderr, "fakecas: %v\n", err)
	if errors.As(err, new(fileError)) {
		return exitUsage
	}
	return exitError
}

// fileError is a file of the command line that can't be used.
type fileError struct{ error }

func serve(ctx context.Context, o options, stdout io.Writer) error {
	s := &fakecas.Server{
		Clock:       &fakecas.FastClock{Speed: o.speed},
		Seed:        o.seed,
		Hosts:       o.names(),
		Certificate: o.certificate,
		Settings:    fakecas.Settings{RequestsPerMinute: o.requestsPerMinute},
	}
	if err := s.Start(o.listen); err != nil {
		return err
	}
	defer s.Close()
	control, err := s.StartControl(o.control, o.names()...)
	if err != nil {
		return err
	}
	token, err := fill(s, o)
	if err != nil {
		return err
	}
	ca, remove, err := writeCA(s, o.ca)
	if err != nil {
		return err
	}
	defer remove()
	if err := announce(stdout, o, s.URL(), "http://"+reachable(control, o.names()), token, ca); err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

// reachable is where a listener answers: one on every address by a name.
func reachable(listener net.Addr, names []string) string {
	host, port, _ := net.SplitHostPort(listener.String())
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = append(names, "localhost")[0]
	}
	return net.JoinHostPort(host, port)
}

// fill gives the service its first agent and its records.
func fill(s *fakecas.Server, o options) (token string, err error) {
	t := s.Tenant()
	c := console.DefaultConfiguration()
	c.Name = "SIEM"
	c.Remote.Host, c.Remote.Port = o.syslogHost, o.syslogPort
	a, err := t.AddAgent(c)
	if err != nil {
		return "", err
	}
	// An hour short of a day, so that a client that asks for the past day, as the
	// vendor's example does, finds all of it for the best part of an hour.
	day := fakecas.Spread{Ago: time.Minute, Over: 23 * time.Hour}
	t.AddRecords(fakecas.Activity, o.backlog, day)
	t.AddRecords(fakecas.Alert, o.backlog/10, day)
	if o.records != "" {
		if _, err := t.Import(o.imported, o.recent); err != nil {
			return "", fileError{fmt.Errorf("%s: %w", o.records, err)}
		}
	}
	t.Flow(fakecas.Activity, o.rate)
	return a.Token, nil
}

// writeCA writes the authority's certificate, where there is one, to a file;
// remove takes away one that nobody asked for.
func writeCA(s *fakecas.Server, path string) (file string, remove func(), err error) {
	keep := func() {}
	switch {
	case s.CAPEM() == nil:
		return "", keep, nil
	case path != "":
		if err := os.WriteFile(path, s.CAPEM(), 0o644); err != nil {
			return "", keep, fileError{err}
		}
		return path, keep, nil
	}
	f, err := os.CreateTemp("", "fakecas-ca-*.pem")
	if err != nil {
		return "", nil, err
	}
	_, err = f.Write(s.CAPEM())
	return f.Name(), func() { _ = os.Remove(f.Name()) }, errors.Join(err, f.Close())
}

// announce says where everything is.
func announce(w io.Writer, o options, api, control, token, ca string) error {
	if o.json {
		said := map[string]string{"api": api, "portal": control + "/", "control": control, "token": token}
		if ca != "" {
			said["ca"] = ca
		}
		return json.NewEncoder(w).Encode(said)
	}
	trust := ""
	if ca != "" {
		trust = "--cacert " + ca + " "
	}
	_, err := fmt.Fprintf(w, `portal   %s/
control  %s/v1/openapi.json
API      %s/api/v1/
token    %s
try      curl %s-H 'Authorization: Token %s' -d '{"limit":1}' %s/api/v1/activities/
`, control, control, api, token, trust, token, api)
	return err
}

// printFaults prints what can be injected.
func printFaults(w io.Writer) {
	for _, k := range fakecas.FaultKinds() {
		fmt.Fprintf(w, "%-18s %s\n", k.Name, k.About)
		for _, a := range k.Args {
			fmt.Fprintf(w, "%-18s   %s: %s\n", "", a.Name, a.About)
		}
	}
}
