package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"siemdrill/fakesyslog"
)

// report compares a ledger with a tenant's and prints what became of each
// event.
func report(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	f := flag.NewFlagSet("fakesyslog report", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	tenant := f.String("tenant", "", "the tenant's ledger: `FILE|URL` with one JSON object a line")
	control := f.String("control", "", "`URL` of the control API of a running server")
	ledger := f.String("ledger", "", "a `FILE` that holds a server's /v1/ledger, instead")
	asJSON := f.Bool("json", false, "one JSON object instead of a table")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		f.SetOutput(stdout)
		fmt.Fprint(stdout, "usage: fakesyslog report -tenant FILE|URL -control URL|-ledger FILE [-json]\n")
		f.PrintDefaults()
		return exitOK
	}
	switch {
	case err != nil:
	case *tenant == "":
		err = errors.New("-tenant is missing, expected a file or a URL")
	case (*control == "") == (*ledger == ""):
		err = errors.New("expected one of -control and -ledger")
	}
	if err != nil {
		fmt.Fprintf(stderr, "fakesyslog report: %v\n", err)
		return exitUsage
	}
	r, err := compare(ctx, *tenant, *control, *ledger)
	if err != nil {
		fmt.Fprintf(stderr, "fakesyslog report: %v\n", err)
		return exitUsage
	}
	if *asJSON {
		writeJSON(stdout, r)
	} else {
		r.WriteTo(stdout)
	}
	if len(r.Lost) > 0 {
		return exitFailed
	}
	return exitOK
}

func compare(ctx context.Context, tenant, control, ledger string) (r fakesyslog.Report, err error) {
	created, err := open(ctx, tenant)
	if err != nil {
		return r, err
	}
	defer created.Close()
	if control != "" {
		return ask(ctx, control, created)
	}
	file, err := os.Open(ledger)
	if err != nil {
		return r, err
	}
	defer file.Close()
	var l fakesyslog.Ledger
	if err := l.Load(file); err != nil {
		return r, fmt.Errorf("%s: %w", ledger, err)
	}
	return l.Report(created)
}

// open opens a file or a URL.
func open(ctx context.Context, name string) (io.ReadCloser, error) {
	if !strings.HasPrefix(name, "http://") && !strings.HasPrefix(name, "https://") {
		return os.Open(name)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, name, nil)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode != http.StatusOK {
		resp.Body.Close()
		return nil, fmt.Errorf("%s: status %s", name, resp.Status)
	}
	return resp.Body, nil
}

// ask lets a running server compare: its ledger knows more than it can list.
func ask(ctx context.Context, control string, created io.Reader) (r fakesyslog.Report, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(control, "/")+"/v1/report", created)
	if err != nil {
		return r, err
	}
	req.Header.Set("Content-Type", "application/x-ndjson")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return r, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		var why struct{ Error string }
		json.NewDecoder(resp.Body).Decode(&why)
		return r, fmt.Errorf("%s: status %s: %s", control, resp.Status, why.Error)
	}
	if err := json.NewDecoder(resp.Body).Decode(&r); err != nil {
		return r, fmt.Errorf("%s: %w", control, err)
	}
	return r, nil
}
