package main

import (
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"

	"siemdrill/fakesyslog"
)

// options are what a call of the server says.
type options struct {
	listen      []endpoint
	control     string
	personality string
	framing     string
	maxSize     int
	forward     string
	forwardCA   string
	out         string
	json        bool
	verbose     bool
	quiet       bool
	stepped     bool
	seed        uint64
	faults      []fakesyslog.Fault
	dns         string
	names       map[string][]netip.Addr
	ca          string
	cert, key   string
	clientCA    string
}

// endpoint is an address to listen on.
type endpoint struct{ network, address string }

const usage = `usage: fakesyslog [flags]
       fakesyslog report -tenant FILE|URL -control URL|-ledger FILE [-json]
       fakesyslog faults
       fakesyslog personalities

A syslog server that misbehaves on request and knows where each message went.

`

// parseOptions reads a call. If ok is false, it was answered and status is the
// exit status.
func parseOptions(args []string, stdout, stderr io.Writer) (o options, status int, ok bool) {
	o.names = map[string][]netip.Addr{}
	f := flag.NewFlagSet("fakesyslog", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Func("listen", "tcp://, udp:// or tls:// and `HOST:PORT`; may be repeated (default tcp://127.0.0.1:5514)", o.addListen)
	f.StringVar(&o.control, "control", "", "`HOST:PORT` of the control API; a port alone is on the loopback")
	f.StringVar(&o.personality, "personality", "", "treat lines as this product does; see fakesyslog personalities")
	f.StringVar(&o.framing, "framing", "", "non-transparent, nul, octet-counting or guess")
	f.IntVar(&o.maxSize, "max-size", 0, "longest message in `bytes`")
	f.StringVar(&o.forward, "forward", "", "pass everything on to `[tls://]HOST:PORT`")
	f.StringVar(&o.forwardCA, "forward-ca", "", "trust the receiver behind by this PEM `FILE`; the system's authorities when missing")
	f.StringVar(&o.out, "out", "", "write each message to `FILE`, - is standard output")
	f.BoolVar(&o.json, "json", false, "first one JSON object with the addresses, then one event a line")
	f.BoolVar(&o.verbose, "verbose", false, "print lines that were parsed, too")
	f.BoolVar(&o.quiet, "quiet", false, "keep no event of lines that were parsed: for load")
	f.BoolVar(&o.stepped, "stepped", false, "the clock stands still but for /v1/clock/advance")
	f.Uint64Var(&o.seed, "seed", 0, "of every random choice")
	f.Func("fault", "inject `\"NAME key=value…\"` at the start; may be repeated; see fakesyslog faults", o.addFault)
	f.StringVar(&o.dns, "dns", "", "answer DNS questions on `HOST:PORT` over UDP")
	f.Func("name", "`NAME=ADDRESS` that -dns knows; may be repeated", o.addName)
	f.StringVar(&o.ca, "ca", "", "write the certificate that TLS clients must trust to `FILE`")
	f.StringVar(&o.cert, "cert", "", "certificate of TLS listeners, PEM `FILE`; made when missing")
	f.StringVar(&o.key, "key", "", "its key, PEM `FILE`")
	f.StringVar(&o.clientCA, "client-ca", "", "verify client certificates, if any, with this PEM `FILE`")
	err := f.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		f.SetOutput(stdout)
		fmt.Fprint(stdout, usage)
		f.PrintDefaults()
		return o, exitOK, false
	}
	if err == nil {
		err = o.check(f.Args())
	}
	if err != nil {
		fmt.Fprintf(stderr, "fakesyslog: %v\n", err)
		return o, exitUsage, false
	}
	return o, exitOK, true
}

// maxMaxSize keeps what a connection can hold within reason: 16 MiB.
const maxMaxSize = 16 << 20

func (o *options) check(rest []string) error {
	if len(rest) > 0 {
		return fmt.Errorf("unexpected argument %q, expected flags; -h lists them", rest[0])
	}
	if len(o.listen) == 0 {
		o.listen = []endpoint{{"tcp", "127.0.0.1:5514"}}
	}
	if (o.cert == "") != (o.key == "") {
		return errors.New("-cert and -key: one of the two is missing")
	}
	if _, _, err := net.SplitHostPort(o.control); o.control != "" && err != nil {
		return fmt.Errorf("-control is %q, expected HOST:PORT or :PORT", o.control)
	}
	if o.maxSize < 0 || o.maxSize > maxMaxSize {
		return fmt.Errorf("-max-size is %d, expected 1 to %d", o.maxSize, maxMaxSize)
	}
	if o.stepped && o.control == "" {
		return errors.New("-stepped needs -control: nothing else can move the clock")
	}
	return o.configure(&fakesyslog.Server{})
}

// configure sets what concerns how lines are treated.
func (o *options) configure(s *fakesyslog.Server) error {
	if o.personality != "" {
		p, err := fakesyslog.PersonalityNamed(o.personality)
		if err != nil {
			return err
		}
		if err := p.Apply(s); err != nil {
			return err
		}
	}
	if o.framing != "" {
		framing, err := fakesyslog.ParseFraming(o.framing)
		if err != nil {
			return fmt.Errorf("framing %w", err)
		}
		s.Framing = framing
	}
	if o.maxSize != 0 {
		s.MaxSize = o.maxSize
	}
	address, secured := strings.CutPrefix(o.forward, "tls://")
	if _, _, err := net.SplitHostPort(address); o.forward != "" && err != nil {
		return fmt.Errorf("-forward is %q, expected HOST:PORT or tls://HOST:PORT", o.forward)
	}
	if o.forwardCA != "" && !secured {
		return errors.New("-forward-ca needs -forward tls://HOST:PORT")
	}
	if secured {
		s.ForwardTLS = &tls.Config{}
	}
	s.Forward, s.Seed, s.Quiet = address, o.seed, o.quiet
	return nil
}

func (o *options) addListen(text string) error {
	network, address, ok := strings.Cut(text, "://")
	if _, _, err := net.SplitHostPort(address); !ok || err != nil {
		return fmt.Errorf("expected tcp://HOST:PORT, udp://HOST:PORT or tls://HOST:PORT")
	}
	if !slices.Contains([]string{"tcp", "udp", "tls"}, strings.TrimRight(network, "46")) {
		return fmt.Errorf("unknown network %q, expected tcp, udp or tls, or one of these with 4 or 6", network)
	}
	o.listen = append(o.listen, endpoint{network, address})
	return nil
}

func (o *options) addFault(text string) error {
	f, err := fakesyslog.ParseFault(text)
	o.faults = append(o.faults, f)
	return err
}

func (o *options) addName(text string) error {
	name, address, _ := strings.Cut(text, "=")
	addr, err := netip.ParseAddr(address)
	if err != nil || name == "" {
		return errors.New("expected NAME=ADDRESS such as siem.example=127.0.0.1")
	}
	o.names[name] = append(o.names[name], addr)
	return nil
}
