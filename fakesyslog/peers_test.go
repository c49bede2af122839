package fakesyslog_test

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakesyslog"
)

// These tests let the programs that people use send to the server. Where one is
// missing they are skipped, unless SIEMDRILL_REQUIRE contains "peers"; tools/peers
// makes them all available.

// missing skips a test for want of a peer.
func missing(t *testing.T, what string) {
	t.Helper()
	if strings.Contains(os.Getenv("SIEMDRILL_REQUIRE"), "peers") {
		t.Fatalf("%s is missing, and SIEMDRILL_REQUIRE has peers", what)
	}
	t.Skipf("%s is missing; tools/peers makes it available", what)
}

func program(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		for _, folder := range []string{"/usr/sbin", "/sbin"} {
			if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
				return filepath.Join(folder, name)
			}
		}
		missing(t, name)
	}
	return path
}

// within bounds a wait for a foreign program, in real time.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

func anything(s *fakesyslog.Server) { s.Malformed = fakesyslog.TakeMalformed }

func sized(n int) func(*fakesyslog.Server) { return func(s *fakesyslog.Server) { s.MaxSize = n } }

func framed(f fakesyslog.Framing) func(*fakesyslog.Server) {
	return func(s *fakesyslog.Server) { s.Framing = f }
}

const cef = `CEF:0|MCAS|SIEM_Agent|0.1|EVENT_CATEGORY_LOGIN|Log on|0|externalId=%s start=1 end=1 msg=Log on suser=a@b destinationServiceName=Box`

func TestLogger(t *testing.T) {
	logger := program(t, "logger")
	for _, c := range []struct {
		name, network string
		framing       fakesyslog.Framing
		flags         []string
	}{
		{"UDP, RFC 3164", "udp", 0, []string{"--udp", "--rfc3164"}},
		{"UDP, RFC 5424", "udp", 0, []string{"--udp", "--rfc5424"}},
		{"TCP, RFC 3164", "tcp", fakesyslog.NonTransparent, []string{"--tcp", "--rfc3164"}},
		{"TCP, RFC 5424", "tcp", fakesyslog.NonTransparent, []string{"--tcp", "--rfc5424"}},
		{"TCP, octet-counted", "tcp", fakesyslog.OctetCounting, []string{"--tcp", "--rfc5424", "--octet-count"}},
		{"TCP, guessed", "tcp", fakesyslog.Guess, []string{"--tcp", "--rfc5424", "--octet-count"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			s, address := fakesyslog.Run(t, c.network, framed(c.framing))
			_, port, _ := net.SplitHostPort(address)
			for _, id := range []string{"a", "b"} {
				args := append([]string{"--server", "127.0.0.1", "--port", port, "--tag", "drill"}, c.flags...)
				out, err := exec.Command(logger, append(args, fmt.Sprintf(cef, id))...).CombinedOutput()
				g.Expect(err).NotTo(HaveOccurred(), "%s", out)
			}
			g.Expect(s.Await(within(t), fakesyslog.Parsed, 2)).To(Succeed(), "%v", s.Lines())
			g.Expect(ids(s)).To(ConsistOf("a", "b"), "two connections have no order")
		})
	}
}

func ids(s *fakesyslog.Server) (ids []string) {
	for _, e := range s.Arrivals() {
		ids = append(ids, e.ID)
	}
	return ids
}

func TestLoggen(t *testing.T) {
	loggen := program(t, "loggen")
	for _, c := range []struct {
		name, network string
		framing       fakesyslog.Framing
		flags         []string
	}{
		{"TCP", "tcp", fakesyslog.NonTransparent, []string{"--inet", "--stream"}},
		{"TCP, RFC 5424, octet-counted", "tcp", fakesyslog.OctetCounting, []string{"--inet", "--stream", "--syslog-proto"}},
		{"UDP", "udp", 0, []string{"--inet", "--dgram"}},
		{"TLS", "tls", fakesyslog.NonTransparent, []string{"--use-ssl"}},
	} {
		eachWay(t, c.name, func(t *testing.T, through way) {
			g := NewWithT(t)
			s, _, address := through(t, c.network, framed(c.framing), anything)
			host, port, _ := net.SplitHostPort(address)
			args := append([]string{"--size", "300", "--rate", "5000", "--number", "500", "--quiet"}, c.flags...)
			out, err := exec.Command(loggen, append(args, host, port)...).CombinedOutput()
			g.Expect(err).NotTo(HaveOccurred(), "%s", out)
			g.Expect(s.Await(within(t), fakesyslog.Parsed, 500)).To(Succeed(), "%s", out)
			for _, line := range s.Lines() {
				g.Expect(line).To(HavePrefix("<38>"))
			}
		})
	}
}

// peerLines writes 200 documented lines to a file and returns its name and
// their ids.
func peerLines(t *testing.T) (file string, want []string) {
	t.Helper()
	var text strings.Builder
	for n := range 200 {
		id := fmt.Sprintf("1677791402022_5be018ee-f676-4473-a9b5-%012x", n)
		fmt.Fprintf(&text, "<14>2023-03-02T21:10:02.022Z "+cef+"\n", id)
		want = append(want, id)
	}
	file = filepath.Join(t.TempDir(), "lines")
	if err := os.WriteFile(file, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return file, want
}

// start runs a program until the test is over.
func start(t *testing.T, path string, env []string, args ...string) {
	t.Helper()
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), env...)
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		log.Close()
		if t.Failed() {
			text, _ := os.ReadFile(log.Name())
			t.Logf("%s said: %s", filepath.Base(path), text)
		}
	})
}

// config writes a configuration file.
func config(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "conf")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// caFile writes what TLS senders must trust.
func caFile(t *testing.T, s *fakesyslog.Server) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, s.CAPEM(), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// rsyslog runs rsyslogd with a configuration.
func rsyslog(t *testing.T, conf string) {
	t.Helper()
	work := t.TempDir()
	conf = fmt.Sprintf("global(workDirectory=%q)\n%s", work, conf)
	args := []string{"-n", "-i", filepath.Join(work, "pid"), "-f", config(t, conf)}
	root := os.Getenv("SIEMDRILL_RSYSLOG")
	if root == "" {
		start(t, program(t, "rsyslogd"), nil, args...)
		return
	}
	library := filepath.Join(root, "usr/lib/x86_64-linux-gnu")
	start(t, filepath.Join(root, "usr/sbin/rsyslogd"), []string{"LD_LIBRARY_PATH=" + library},
		append(args, "-M", filepath.Join(library, "rsyslog"))...)
}

// way starts a receiver. The address is that of first, whom a sender meets.
type way func(t *testing.T, network string, configure ...func(*fakesyslog.Server)) (receiver, first *fakesyslog.Server, address string)

func direct(t *testing.T, network string, configure ...func(*fakesyslog.Server)) (receiver, first *fakesyslog.Server, address string) {
	s, address := fakesyslog.Run(t, network, configure...)
	return s, s, address
}

// proxied puts a proxy before the receiver, which delays; where the sender
// speaks TLS, so does the proxy.
func proxied(t *testing.T, network string, configure ...func(*fakesyslog.Server)) (receiver, first *fakesyslog.Server, address string) {
	receiver, behind := fakesyslog.Run(t, network, configure...)
	first, address = fakesyslog.Run(t, network, append(configure, func(s *fakesyslog.Server) {
		s.Forward = behind
		if network == "tls" {
			s.ForwardTLS = &tls.Config{RootCAs: receiver.CA()}
		}
	})...)
	if _, err := first.Inject(fakesyslog.Fault{Name: "latency", Args: map[string]string{"delay": "20ms"}}); err != nil {
		t.Fatal(err)
	}
	return receiver, first, address
}

// eachWay tests a sender with a receiver, and with a proxy between them.
func eachWay(t *testing.T, name string, test func(*testing.T, way)) {
	t.Run(name, func(t *testing.T) { test(t, direct) })
	t.Run(name+", through the proxy", func(t *testing.T) { test(t, proxied) })
}

func TestRsyslogSends(t *testing.T) {
	for _, c := range []struct {
		name, network string
		framing       fakesyslog.Framing
		action        string
	}{
		{"TCP", "tcp", fakesyslog.NonTransparent, ``},
		{"TCP, octet-counted", "tcp", fakesyslog.OctetCounting, `TCP_Framing="octet-counted"`},
		{"TLS", "tls", fakesyslog.OctetCounting, `TCP_Framing="octet-counted" StreamDriver="ossl" StreamDriverMode="1" StreamDriverAuthMode="x509/certvalid"`},
	} {
		eachWay(t, c.name, func(t *testing.T, through way) {
			g := NewWithT(t)
			s, first, address := through(t, c.network, framed(c.framing))
			_, port, _ := net.SplitHostPort(address)
			file, want := peerLines(t)
			ca := ""
			if c.network == "tls" {
				ca = fmt.Sprintf("global(defaultNetstreamDriverCAFile=%q)\n", caFile(t, first))
			}
			rsyslog(t, ca+fmt.Sprintf(`module(load="imfile")
template(name="raw" type="string" string="%%rawmsg%%\n")
template(name="plain" type="string" string="%%rawmsg%%")
input(type="imfile" file=%q tag="drill")
if $syslogtag == "drill" then action(type="omfwd" target="127.0.0.1" port=%q protocol="tcp" template=%q %s)
`, file, port, map[bool]string{true: "plain", false: "raw"}[c.framing == fakesyslog.OctetCounting], c.action))
			g.Expect(s.Await(within(t), fakesyslog.Parsed, len(want))).To(Succeed(), "%v", s.Ledger().Wrong())
			g.Expect(ids(s)).To(Equal(want))
		})
	}
}

func TestSyslogNGSends(t *testing.T) {
	path := program(t, "syslog-ng")
	for _, c := range []struct {
		name, network string
		framing       fakesyslog.Framing
		destination   string
	}{
		{"TCP", "tcp", fakesyslog.NonTransparent, `network("127.0.0.1" port(%s) transport("tcp") template("${MSG}\n"))`},
		{"TCP, octet-counted", "tcp", fakesyslog.OctetCounting, `syslog("127.0.0.1" port(%s) transport("tcp") template("${MSG}"))`},
		{"TLS", "tls", fakesyslog.NonTransparent, `network("127.0.0.1" port(%s) transport("tls") tls(ca-file("%s")) template("${MSG}\n"))`},
	} {
		eachWay(t, c.name, func(t *testing.T, through way) {
			g := NewWithT(t)
			// syslog() writes a header of its own before the template.
			s, first, address := through(t, c.network, framed(c.framing), anything)
			_, port, _ := net.SplitHostPort(address)
			file, want := peerLines(t)
			args := []any{port}
			if c.network == "tls" {
				args = append(args, caFile(t, first))
			}
			conf := fmt.Sprintf(`@version: 3.38
source s { file(%q flags(no-parse) follow-freq(0.1)); };
destination d { %s; };
log { source(s); destination(d); };
`, file, fmt.Sprintf(c.destination, args...))
			work := t.TempDir()
			start(t, path, nil, "-F", "--no-caps", "-f", config(t, conf), "-R", filepath.Join(work, "persist"),
				"-p", filepath.Join(work, "pid"), "-c", filepath.Join(work, "ctl"))
			g.Expect(s.Await(within(t), fakesyslog.Parsed, len(want))).To(Succeed())
			got := slices.DeleteFunc(ids(s), func(id string) bool { return id == "" })
			g.Expect(got).To(Equal(want))
		})
	}
}

// TestThePersonalityOfRsyslogIsTrue sends the same streams to rsyslog and to
// the server with its personality, and compares the messages that came out.
func TestThePersonalityOfRsyslogIsTrue(t *testing.T) {
	if os.Getenv("SIEMDRILL_RSYSLOG") == "" {
		program(t, "rsyslogd")
	}
	documented, err := os.ReadFile("testdata/documented-lines.txt")
	if err != nil {
		t.Fatal(err)
	}
	lines := string(documented)
	long := "<14>" + strings.Repeat("x", 20000) + "\n"
	counted := func(text string) string { return fmt.Sprintf("%d %s", len(text), text) }
	for _, c := range []struct{ name, stream string }{
		{"documented lines, which have no PRI", lines + lines},
		{"the same with a PRI", "<14>" + strings.ReplaceAll(strings.TrimSuffix(lines, "\n"), "\n", "\n<14>") + "\n"},
		{"a long line", long + "<14>after\n"},
		{"counted", counted("<14>one") + counted("<14>two\nlines") + "<14>a line\n" + counted("<14>three")},
		{"a count beyond belief", "300000 <14>x\n<14>after\n"},
		{"a count of zero", "0 <14>x\n<14>after\n"},
		{"a line without an end", "<14>whole\n<14>unfinished"},
		{"a long counted message", "9000 <14>" + strings.Repeat("y", 8996) + "<14>after\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			p, err := fakesyslog.PersonalityNamed("rsyslog")
			g.Expect(err).NotTo(HaveOccurred())
			ours, address := fakesyslog.Run(t, "tcp", func(s *fakesyslog.Server) { p.Apply(s) })
			exchange(t, address, c.stream)
			theirs := throughRsyslog(t, c.stream)
			g.Expect(brief(ours.Lines())).To(Equal(brief(theirs)))
		})
	}
}

// brief writes each message down as its length, its beginning and its end.
// Messages without content are left out: rsyslog discards them.
func brief(lines []string) (all []string) {
	for _, l := range lines {
		if n := min(len(l), 30); n > 0 {
			all = append(all, fmt.Sprintf("%d bytes %q…%q", len(l), l[:n], l[len(l)-n:]))
		}
	}
	return all
}

// exchange sends a stream and waits until the receiver has closed.
func exchange(t *testing.T, address, stream string) {
	t.Helper()
	ctx := within(t)
	c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	for err != nil && ctx.Err() == nil { // a foreign program tells nobody when it listens
		time.Sleep(20 * time.Millisecond)
		c, err = new(net.Dialer).DialContext(ctx, "tcp", address)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, stream)
	c.(*net.TCPConn).CloseWrite()
	io.Copy(io.Discard, c)
}

// throughRsyslog returns the messages that rsyslog, with its defaults, makes of
// a stream. It sends them on to a server of ours, counted.
func throughRsyslog(t *testing.T, stream string) []string {
	t.Helper()
	sink, address := fakesyslog.Run(t, "tcp", framed(fakesyslog.OctetCounting), anything, sized(1<<20))
	_, port, _ := net.SplitHostPort(address)
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	in := free.Addr().String()
	free.Close()
	_, inPort, _ := net.SplitHostPort(in)
	rsyslog(t, fmt.Sprintf(`module(load="imtcp")
template(name="raw" type="string" string="%%rawmsg%%")
input(type="imtcp" address="127.0.0.1" port=%q ruleset="on")
ruleset(name="on") { action(type="omfwd" target="127.0.0.1" port=%q protocol="tcp" TCP_Framing="octet-counted" template="raw") }
`, inPort, port))
	exchange(t, in, stream)
	exchange(t, in, "<14>the end\n")
	ctx := within(t)
	for n := 1; ; n++ {
		if err := sink.Await(ctx, fakesyslog.Parsed, n); err != nil {
			t.Fatal(err)
		}
		if lines := sink.Lines(); lines[len(lines)-1] == "<14>the end" {
			return lines[:len(lines)-1]
		}
	}
}
