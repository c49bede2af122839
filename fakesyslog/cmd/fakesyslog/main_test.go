package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakesyslog"
)

const goodLine = "2023-03-02T21:10:02.022Z CEF:0|MCAS|SIEM_Agent|0.1|EVENT_CATEGORY_LOGIN|Log on|0|externalId=1_a start=1 end=1 msg=Log on suser=a@b destinationServiceName=Box\n"

func TestWrongCallsGetOneLine(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-listen", "tcp:514"}, "expected tcp://HOST:PORT"},
		{[]string{"-listen", "tcp://514"}, "expected tcp://HOST:PORT"},
		{[]string{"-fault", "explode"}, `unknown fault "explode", expected one of`},
		{[]string{"-fault", "reset after=x"}, `after is "x", expected a number`},
		{[]string{"-personality", "nagios"}, `unknown personality "nagios"`},
		{[]string{"-framing", "tea"}, `framing "tea", expected one of`},
		{[]string{"-name", "siem"}, "expected NAME=ADDRESS"},
		{[]string{"-cert", "x"}, "one of the two is missing"},
		{[]string{"-forward", "siem"}, `-forward is "siem", expected HOST:PORT or tls://HOST:PORT`},
		{[]string{"-forward", "siem:514", "-forward-ca", "x"}, "-forward-ca needs -forward tls://HOST:PORT"},
		{[]string{"-listen", "sctp://127.0.0.1:0"}, `unknown network "sctp"`},
		{[]string{"-control", "nowhere"}, `-control is "nowhere", expected HOST:PORT`},
		{[]string{"-max-size", "-1"}, "-max-size is -1, expected 1 to 16777216"},
		{[]string{"-max-size", "99999999"}, "-max-size is 99999999, expected 1 to 16777216"},
		{[]string{"-stepped"}, "-stepped needs -control"},
		{[]string{"-colour"}, "flag provided but not defined: -colour"},
		{[]string{"serve"}, `unexpected argument "serve"`},
		{[]string{"report"}, "-tenant is missing"},
		{[]string{"report", "-tenant", "x"}, "expected one of -control and -ledger"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			g := NewWithT(t)
			var out, err bytes.Buffer
			g.Expect(run(t.Context(), c.args, &out, &err)).To(Equal(exitUsage))
			g.Expect(err.String()).To(ContainSubstring(c.want))
			g.Expect(strings.Count(err.String(), "\n")).To(Equal(1))
			g.Expect(out.String()).To(BeEmpty())
		})
	}
}

func TestWhatCanNotBeDoneGetsOneLine(t *testing.T) {
	for _, c := range []struct {
		args   []string
		want   string
		status int
	}{
		{[]string{"-listen", "tcp://192.0.2.1:0"}, "listen on 192.0.2.1:0", exitFailed},
		{[]string{"-out", "/nowhere/x"}, "no such file", exitUsage},
		{[]string{"-client-ca", "/nowhere/x"}, "no such file", exitUsage},
		{[]string{"-cert", "/nowhere/x", "-key", "/nowhere/y"}, "no such file", exitUsage},
		{[]string{"-ca", "/nowhere/x", "-listen", "tls://127.0.0.1:0"}, "no such file", exitUsage},
		{[]string{"-forward", "tls://siem:6514", "-forward-ca", "/nowhere/x"}, "no such file", exitUsage},
		{[]string{"report", "-tenant", "/nowhere/x", "-ledger", "/nowhere/y"}, "no such file", exitUsage},
		{[]string{"report", "-tenant", "http://127.0.0.1:1/x", "-ledger", "/nowhere/y"}, "connection refused", exitUsage},
	} {
		g := NewWithT(t)
		var out, err bytes.Buffer
		g.Expect(run(t.Context(), c.args, &out, &err)).To(Equal(c.status), "%s", c.args)
		g.Expect(err.String()).To(ContainSubstring(c.want))
		g.Expect(strings.Count(err.String(), "\n")).To(Equal(1))
	}
}

// What a stranger sends can't move the cursor of who reads along.
func TestPlainOutputHasNoControlCharacters(t *testing.T) {
	g := NewWithT(t)
	var out bytes.Buffer
	p := &printer{o: options{verbose: true}, w: &out, history: &fakesyslog.History{}}
	p.begin(started{})
	p.hook(fakesyslog.Event{Kind: fakesyslog.KindLine, Record: "a\x1b[2Jb", Connection: "x>y"})
	g.Expect(out.String()).To(ContainSubstring("x>y a·[2Jb"))
	g.Expect(strings.Count(out.String(), "\n")).To(Equal(1))
}

func TestListsAndHelp(t *testing.T) {
	for args, want := range map[string]string{"-h": "usage: fakesyslog", "faults": "black-hole", "personalities": "props.conf TRUNCATE", "report -h": "usage: fakesyslog report"} {
		g := NewWithT(t)
		var out, err bytes.Buffer
		g.Expect(run(t.Context(), strings.Fields(args), &out, &err)).To(Equal(exitOK))
		g.Expect(out.String()).To(ContainSubstring(want))
		g.Expect(err.String()).To(BeEmpty())
	}
}

// served runs the command with -json and returns its first line, what follows,
// which must be read, and how to end it.
func served(t *testing.T, args ...string) (first started, rest *bufio.Reader, end func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan int, 1)
	go func() {
		done <- run(ctx, append(args, "-json"), w, os.Stderr)
		w.Close()
	}()
	rest = bufio.NewReader(r)
	text, err := rest.ReadBytes('\n')
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &first); err != nil {
		t.Fatal(err)
	}
	return first, rest, func() int {
		cancel()
		return <-done
	}
}

func TestServeReportAndStop(t *testing.T) {
	g := NewWithT(t)
	out := filepath.Join(t.TempDir(), "lines")
	ca := filepath.Join(t.TempDir(), "ca.pem")
	first, rest, end := served(t, "-listen", "tcp://127.0.0.1:0", "-listen", "tls4://127.0.0.1:0", "-listen", "udp://127.0.0.1:0",
		"-control", ":0", "-verbose", "-out", out, "-ca", ca, "-dns", "127.0.0.1:0", "-name", "siem.example=127.0.0.1")
	g.Expect(first.Listening).To(HaveLen(3))
	g.Expect(first.DNS).To(HavePrefix("127.0.0.1:"))
	g.Expect(first.CA).To(Equal(ca))
	g.Expect(os.ReadFile(ca)).To(HavePrefix("-----BEGIN CERTIFICATE-----"))

	c, err := net.Dial("tcp", first.Listening[0].Address)
	g.Expect(err).NotTo(HaveOccurred())
	fmt.Fprint(c, goodLine)
	for {
		text, err := rest.ReadString('\n')
		g.Expect(err).NotTo(HaveOccurred())
		if strings.Contains(text, `"kind":"line"`) {
			g.Expect(text).To(ContainSubstring(`"record":"1_a"`))
			break
		}
	}
	c.Close()
	go io.Copy(io.Discard, rest)

	tenant := filepath.Join(t.TempDir(), "tenant")
	g.Expect(os.WriteFile(tenant, []byte(`{"id":"1_a","type":"activity"}`+"\n"+`{"id":"1_b"}`+"\n"), 0o600)).To(Succeed())
	var table, stderr bytes.Buffer
	g.Expect(run(t.Context(), []string{"report", "-tenant", tenant, "-control", "http://" + first.Control}, &table, &stderr)).To(Equal(exitFailed), stderr.String())
	g.Expect(table.String()).To(ContainSubstring("lost        1\n  no trace  1\nlost        1_b  no trace"))

	service := httptest.NewServer(http.FileServer(http.Dir(filepath.Dir(tenant))))
	defer service.Close()
	var same bytes.Buffer
	g.Expect(run(t.Context(), []string{"report", "-tenant", service.URL + "/tenant", "-control", "http://" + first.Control}, &same, &stderr)).To(Equal(exitFailed), stderr.String())
	g.Expect(same.String()).To(Equal(table.String()), "a URL is as good as a file")
	g.Expect(run(t.Context(), []string{"report", "-tenant", service.URL + "/nothing", "-control", "http://" + first.Control}, &same, &stderr)).To(Equal(exitUsage))
	g.Expect(stderr.String()).To(ContainSubstring("status 404"))

	resp, err := http.Get("http://" + first.Control + "/v1/ledger")
	g.Expect(err).NotTo(HaveOccurred())
	ledger, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	g.Expect(err).NotTo(HaveOccurred())
	saved := filepath.Join(t.TempDir(), "ledger")
	g.Expect(os.WriteFile(saved, ledger, 0o600)).To(Succeed())
	table.Reset()
	g.Expect(run(t.Context(), []string{"report", "-tenant", tenant, "-ledger", saved, "-json"}, &table, &stderr)).To(Equal(exitFailed))
	var r fakesyslog.Report
	g.Expect(json.Unmarshal(table.Bytes(), &r)).To(Succeed())
	g.Expect(r.Arrived).To(Equal(1))

	g.Expect(end()).To(Equal(exitOK))
	g.Expect(os.ReadFile(out)).To(BeEquivalentTo(goodLine))
}

func TestAFaultOfTheCallAndASteppedClock(t *testing.T) {
	g := NewWithT(t)
	first, rest, end := served(t, "-listen", "tcp://127.0.0.1:0", "-control", ":0", "-stepped", "-fault", "refuse for=1h")
	go io.Copy(io.Discard, rest)
	dial := func() error {
		c, err := net.Dial("tcp", first.Listening[0].Address)
		if err == nil {
			c.Close()
		}
		return err
	}
	advance := func(by string) {
		resp, err := http.Post("http://"+first.Control+"/v1/clock/advance", "application/json", strings.NewReader(`{"by":"`+by+`"}`))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(resp.StatusCode).To(Equal(200))
		resp.Body.Close()
	}
	g.Expect(dial()).To(HaveOccurred())
	advance("59m")
	g.Expect(dial()).To(HaveOccurred())
	advance("1m")
	g.Expect(dial()).To(Succeed())
	g.Expect(end()).To(Equal(exitOK))
}

func TestPlainOutput(t *testing.T) {
	g := NewWithT(t)
	ctx, cancel := context.WithCancel(t.Context())
	var out bytes.Buffer
	cancel()
	g.Expect(run(ctx, []string{"-listen", "tcp://127.0.0.1:0", "-control", ":0", "-fault", "stall"}, &out, io.Discard)).To(Equal(exitOK))
	g.Expect(out.String()).To(MatchRegexp(`control http://127.0.0.1:\d+\n.* listening +>127.0.0.1:\d+  tcp\n.* fault-injected +stall-1 stall\n`))
}

func TestView(t *testing.T) {
	g := NewWithT(t)
	at := time.Date(2023, 3, 2, 21, 10, 2, 0, time.UTC)
	got := view(screen{
		now:    fakesyslog.State{Connections: 2, Bytes: 3e6, Places: map[fakesyslog.Place]int{fakesyslog.Parsed: 30}},
		before: fakesyslog.State{Bytes: 1e6, Places: map[fakesyslog.Place]int{fakesyslog.Parsed: 10}},
		faults: []fakesyslog.ActiveFault{{Fault: fakesyslog.Fault{Name: "stall", Target: "10.0.0.1"}, Since: at, Hits: 3}},
		lines:  []string{"old", "a \x1b[2J line", strings.Repeat("long ", 20)},
		events: []fakesyslog.Event{{Time: at, Kind: "accepted", Connection: "a>b"}},
	}, 60, 13)
	g.Expect(got).To(Equal(`20 lines/s   2.0 MB/s   2 connections   0 turned away
parsed 30   rejected 0   truncated 0   unread 0   swallowed…

FAULTS
  stall target=10.0.0.1 since 21:10:02, hit 3

EVENTS
  21:10:02 accepted a>b 

LAST LINES
  old
  a ·[2J line
  long long long long long long long long long long long lo…
`))
}
