package main

import (
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
)

// options are the command line.
type options struct {
	listen, control string
	tls             string
	hosts           string
	seed            uint64
	rate            float64
	backlog         int
	records         string
	recent          bool
	throttle        string
	speed           float64
	syslog          string
	ca              string
	json            bool
	faults          bool

	imported          []byte // what the file of -records holds
	certificate       *tls.Certificate
	requestsPerMinute int
	syslogHost        string
	syslogPort        int
}

var errUsage = errors.New("usage")

// parse reads the command line; what is wrong is said on stderr.
func parse(args []string, stderr io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("fakecas", flag.ContinueOnError)
	f.SetOutput(stderr)
	f.StringVar(&o.listen, "listen", "127.0.0.1:8443", "`address` of the REST API")
	f.StringVar(&o.control, "control", "127.0.0.1:8080", "`address` of the portal and the control API; whoever can reach it owns the service")
	f.StringVar(&o.tls, "tls", "own", "certificate of the API: own (of an authority made at start) or `CERT.pem,KEY.pem`")
	f.StringVar(&o.hosts, "hosts", "", "further `names` of this machine, separated by commas, for the certificate and the control API")
	f.Uint64Var(&o.seed, "seed", 1, "`number` from which ids, tokens and records follow")
	f.Float64Var(&o.rate, "rate", 0, "activities a second to create, from start on; `number`")
	f.IntVar(&o.backlog, "backlog", 100, "`number` of activities of the last 23 hours to start with, and a tenth of it alerts")
	f.StringVar(&o.records, "records", "", "JSON `file` with records of your own: {\"activities\":[…],\"alerts\":[…]}")
	f.BoolVar(&o.recent, "recent", false, "move the times of -records so that the newest is created now")
	f.StringVar(&o.throttle, "throttle", "documented", "requests a minute: documented (30), off, or a `number`")
	f.Float64Var(&o.speed, "speed", 1, "run the service's clock so many `times` as fast")
	f.StringVar(&o.syslog, "syslog", "127.0.0.1:514", "`address` of the syslog server in the first agent's configuration")
	f.StringVar(&o.ca, "ca", "", "`file` to write the authority's certificate to; a temporary one by default")
	f.BoolVar(&o.json, "json", false, "print one line of JSON with api, portal, control, token and ca")
	f.BoolVar(&o.faults, "faults", false, "print the faults that the control API can inject, and end")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fail(stderr, "argument %q: expected flags only", f.Arg(0))
	}
	return o, o.complete(stderr)
}

func fail(stderr io.Writer, format string, args ...any) error {
	fmt.Fprintf(stderr, "fakecas: "+format+"\n", args...)
	return errUsage
}

// complete checks what flags alone don't.
func (o *options) complete(stderr io.Writer) error {
	switch o.throttle {
	case "documented":
	case "off":
		o.requestsPerMinute = -1
	default:
		n, err := strconv.Atoi(o.throttle)
		if err != nil || n < 1 {
			return fail(stderr, "-throttle %q: expected documented, off, or a number from 1 up", o.throttle)
		}
		o.requestsPerMinute = n
	}
	if err := o.checkNumbers(stderr); err != nil {
		return err
	}
	host, port, err := net.SplitHostPort(o.syslog)
	n, err2 := strconv.Atoi(port)
	if err != nil || err2 != nil || host == "" || n < 1 || n > 65535 {
		return fail(stderr, "-syslog %q: expected host:port", o.syslog)
	}
	o.syslogHost, o.syslogPort = host, n
	return o.readFiles(stderr)
}

// checkNumbers keeps the service within what its clock and its memory can hold.
func (o *options) checkNumbers(stderr io.Writer) error {
	within := func(v, least, most float64) bool { return least <= v && v <= most } // NaN is not
	switch {
	case o.rate != 0 && !within(o.rate, 1e-6, 100_000):
		return fail(stderr, "-rate %v: expected 0, or a number from 0.000001 to 100000", o.rate)
	case !within(o.speed, 0.001, 10_000):
		return fail(stderr, "-speed %v: expected a number from 0.001 to 10000", o.speed)
	case o.backlog < 0 || o.backlog > 10_000_000:
		return fail(stderr, "-backlog %d: expected a whole number from 0 to 10000000", o.backlog)
	}
	return nil
}

func (o *options) readFiles(stderr io.Writer) (err error) {
	if o.records != "" {
		if o.imported, err = os.ReadFile(o.records); err != nil {
			return fail(stderr, "-records: %v", err)
		}
	}
	if o.tls == "own" {
		return nil
	}
	cert, key, found := strings.Cut(o.tls, ",")
	if !found {
		return fail(stderr, "-tls %q: expected own, or two PEM files separated by a comma", o.tls)
	}
	c, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return fail(stderr, "-tls: %v", err)
	}
	if o.ca != "" {
		return fail(stderr, "-ca: expected none with -tls: who signed that certificate is not known here")
	}
	o.certificate = &c
	return nil
}

func (o *options) names() (names []string) {
	for name := range strings.SplitSeq(o.hosts, ",") {
		if name = strings.TrimSpace(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}
