package simulator

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// commandsOf is what a draft does between its beginning and its end, which are
// the same in each.
func commandsOf(t *testing.T, script []byte) []string {
	t.Helper()
	_, middle, found := strings.Cut(string(script), "portal status Connected\n")
	middle, _, foundToo := strings.Cut(middle, "\n# In the end")
	NewWithT(t).Expect(found && foundToo).To(BeTrue(), string(script))
	var commands []string
	for line := range strings.Lines(middle) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			commands = append(commands, line)
		}
	}
	return commands
}

func TestDraft(t *testing.T) {
	for _, c := range []struct {
		name string
		log  string
		want []string
	}{
		{"the agent's own log, in JSON",
			`{"time":"2026-03-02T21:10:02.5Z","level":"INFO","msg":"the agent is pulling","why":"connected to the receiver"}
{"time":"2026-03-02T21:15:02.5Z","level":"INFO","msg":"the agent is held","why":"siem.contoso.com:514: 203.0.113.10:514: connect: connection refused"}
{"time":"2026-03-02T21:15:02.5Z","level":"WARN","msg":"notification raised","id":"data-server-connection-error","detail":"siem.contoso.com:514: connect: connection refused"}
{"time":"2026-03-02T22:40:11.5Z","level":"INFO","msg":"notification resolved","id":"data-server-connection-error"}
`,
			[]string{"syslog fault refuse -established", "cas activities 25", "advance 10m", "portal notification data-server-connection-error", "advance 1h15m9s",
				"syslog heal refuse", "advance 15m"}},
		{"the agent's own log, in text",
			`time=2026-03-02T21:15:02.500Z level=WARN msg="notification raised" id=data-server-send-error detail="siem.contoso.com:514: the receiver has not confirmed for 1m0s"
time=2026-03-02T21:15:32.500Z level=WARN msg="the connection to the receiver ended" connection=1.2.3.4:5>6.7.8.9:514 "in doubt"=30 cause="siem.contoso.com:514: read: connection reset by peer"
`,
			[]string{"syslog fault stall", "cas activities 25", "advance 10m", "portal notification data-server-send-error",
				"syslog heal stall", "syslog fault reset -after 10", "cas activities 25", "advance 10m", "portal notification data-server-send-error"}},
		{"what the portal shows, in Dutch",
			"2 maart 21:10\nFout bij gegevensserververbinding",
			[]string{"syslog fault refuse -established", "cas activities 25", "advance 10m", "portal notification data-server-connection-error"}},
		{"a message that is not quite right",
			"Mar 02 2023 21:10:02 Data servr send eror",
			[]string{"syslog fault stall", "cas activities 25", "advance 10m", "portal notification data-server-send-error"}},
		{"a status that gets worse, and times of RFC 3164",
			"Mar 02 21:10:02 status Connection error\nMar 03 07:10:02 SIEM agent error\nMar 03 10:00:00 status: Connected\n",
			[]string{"network cut agent cas", "cas activities 25", "advance 2h2m", "portal status Connection error", "advance 7h58m",
				"advance 12h2m", "portal notification siem-agent-error",
				"network mend agent cas", "advance 15m"}},
		{"the console at the start",
			"siem-agent: Invalid token\n",
			[]string{"agent stop", "portal regenerate-token", "agent start -token previous", "cas activities 25", "advance 1m", "agent console 'Invalid token'"}},
		{"the service, then the receiver",
			`2026-03-02 21:00:00 POST https://contoso.eu.portal.cloudappsecurity.com/api/v1/activities/ 429 Too Many Requests
2026-03-02 22:00:00 dial tcp: lookup siem.contoso.com: no such host`,
			[]string{"cas fault throttle -where activities", "cas activities 25", "advance 10m", "advance 50m",
				"network name syslog no-such-host", "syslog fault reset -first 1", "cas activities 25", "advance 10m", "portal notification data-server-connection-error"}},
		{"an absence that is too long to keep",
			"2026-03-02T21:00:00Z connect: connection refused\n2026-03-12T21:00:00Z resolved\n",
			[]string{"syslog fault refuse -established", "cas activities 25", "advance 10m", "portal notification data-server-connection-error", "advance 39h50m", "syslog heal refuse", "advance 15m"}},
		{"a fault that would make the agent give up is kept short",
			"2026-03-02T21:00:00Z the service: 401 Unauthorized\n2026-03-02T23:00:00Z Too many critical errors\n",
			[]string{"cas fault status code=401", "cas activities 25", "advance 5m",
				"portal regenerate-token", "cas activities 25", "advance 20m", "agent console 'Too many critical errors'"}},
		{"a token that died, as the agent logs it",
			`{"time":"2026-01-05T09:01:00.002Z","level":"ERROR","msg":"critical error","number":1,"of":10,"within":900000000000,"cause":"the service answered 401: {\"detail\":\"Invalid token.\"}"}
{"time":"2026-01-05T09:01:00.0025Z","level":"WARN","msg":"nothing was pulled, it will be tried again","type":"activity","cause":"activities: the service answered 401: Invalid token."}
{"time":"2026-01-05T09:10:00.002Z","level":"ERROR","msg":"the agent ends","error":"too-many-critical-errors","cause":"10 within 15m0s, the last: the service answered 401: {\"detail\":\"Invalid token.\"}"}
`,
			[]string{"cas fault status code=401", "cas activities 25", "advance 5m",
				"portal regenerate-token", "cas activities 25", "advance 20m", "agent console 'Too many critical errors'"}},
		{"an outage that shows again and again",
			"2026-03-02T21:00:00Z the service can't be reached\n2026-03-02T22:00:00Z the service can't be reached\n2026-03-03T00:30:00Z the service can't be reached",
			[]string{"network cut agent cas", "cas activities 25", "advance 10m", "advance 3h20m"}},
		{"numbers that are no answers",
			`{"time":"2026-01-05T09:01:30.503Z","level":"WARN","msg":"no contact, it will be tried again","cause":"contoso.eu.portal.cloudappsecurity.com:443: 198.51.100.10:443: connecting took longer than 429 s"}
`,
			[]string{"network cut agent cas", "cas activities 25", "advance 10m"}},
		{"a certificate, as the agent logs it",
			`{"time":"2026-01-05T09:01:00.00025Z","level":"WARN","msg":"the connection to the receiver ended","in doubt":0,"cause":"siem.contoso.com:6514: read: connection reset by peer"}
{"time":"2026-01-05T09:01:00.00125Z","level":"INFO","msg":"the agent is held","why":"siem.contoso.com:6514: TLS: the certificate of siem.contoso.com is signed by an authority that is not trusted (a proxy that inspects TLS does)"}
{"time":"2026-01-05T09:26:00Z","level":"INFO","msg":"the agent is stopped","why":"asked to stop"}
`,
			[]string{"syslog fault tls-unknown-ca", "syslog fault reset -first 1", "cas activities 25", "advance 10m"}},
		{"an agent that is restarted",
			`{"time":"2026-01-05T09:01:00Z","level":"INFO","msg":"the agent is stopped","why":"asked to stop"}
{"time":"2026-01-05T09:11:00Z","level":"INFO","msg":"the agent is starting","why":"started"}
{"time":"2026-01-05T09:21:00Z","level":"INFO","msg":"the agent is stopped","why":"asked to stop"}
`,
			[]string{"agent stop", "cas activities 25", "advance 1m", "advance 9m", "agent start", "advance 15m"}},
		{"what comes and goes is one fault, and its end may look like another",
			`2026-01-05T09:01:00Z connection reset by peer
2026-01-05T09:01:10Z notification resolved
2026-01-05T09:01:40Z connection reset by peer
2026-01-05T09:11:00.000Z connection refused
2026-01-05T09:11:00.004Z notification resolved
`,
			[]string{"syslog fault reset -after 10", "cas activities 25", "advance 10m", "portal notification data-server-send-error", "syslog heal reset", "advance 15m"}},
		{"whatever comes after an end, the agent runs again",
			"Invalid proxy address\nconnect: connection refused\n",
			[]string{"agent stop", "agent start -proxy no-such-proxy.contoso.com:8080", "cas activities 25", "advance 1m", "agent console 'Invalid proxy address'",
				"agent start", "syslog fault refuse -established", "cas activities 25", "advance 10m", "portal notification data-server-connection-error"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			script, err := Draft("the.log", []byte(c.log))
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(commandsOf(t, script)).To(Equal(c.want))
			run := playedRun(t, "draft.txtar", string(script)) // as it is
			g.Expect(run.Result.Reason).To(BeEmpty())
		})
	}
}

// Every suspicion can be played: what it begins shows, and what it ends is over.
func TestEverySuspicionShows(t *testing.T) {
	all := slices.Concat(ending, serviceFaults, receiverFaults)
	for _, s := range documented {
		all = append(all, s)
	}
	for _, s := range all {
		t.Run(s.name, func(t *testing.T) {
			g := NewWithT(t)
			clue := clue{number: 1, text: "a line"}
			d := draft{now: map[side]suspicion{}, turns: []turn{{clue: clue, begins: s}, {clue: clue, ends: []suspicion{s}}}}
			run := playedRun(t, "draft.txtar", string(d.script("the.log")))
			g.Expect(run.Result.Reason).To(BeEmpty())
		})
	}
}

func TestADraftQuotesWhatItWentBy(t *testing.T) {
	g := NewWithT(t)
	token := strings.Repeat("A7", 40)
	script, err := Draft("my\x1b \nlog", []byte("first\n-- x --  invalid token "+token+" via http://joe:secret@proxy:8080 \x00\xff\u202e"+strings.Repeat("zz ", 150)+"\nInvalid token\n"))
	g.Expect(err).NotTo(HaveOccurred())
	text := string(script)
	g.Expect(text).To(HavePrefix("# Draft from my log: what may have happened\n# Shows: invalid-token\n"))
	g.Expect(text).To(ContainSubstring("\n# Line 2: -- x -- invalid token (token) via http://(password)@proxy:8080 ?"))
	g.Expect(text).To(ContainSubstring("zz …\n# and 1 more that fit\n"))
	g.Expect(text).NotTo(Or(ContainSubstring(token), ContainSubstring("secret"), ContainSubstring("\u202e")))
}

func TestADraftHasAnEnd(t *testing.T) {
	g := NewWithT(t)
	var log strings.Builder
	for i := range 100 {
		fmt.Fprintf(&log, "2026-03-02T%02d:%02d:00Z connect: connection refused\n", i/60, i%60)
		fmt.Fprintf(&log, "2026-03-02T%02d:%02d:30Z connection reset by peer\n", i/60, i%60)
	}
	script, err := Draft("the.log", []byte(log.String()))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(strings.Count(string(script), "\n# Line ")).To(Equal(mostTurns))
	g.Expect(string(script)).To(ContainSubstring("# The log goes on: 80 more lines that point to something are left out.\n"))
}

func TestNothingToDraft(t *testing.T) {
	for _, log := range []string{"", "\n\n", "the weather is fine today", "\x00\x01\xff", `{"time":"2026-03-02T21:10:02Z","level":"INFO","msg":"the agent is pulling"}`} {
		script, err := Draft("the.log", []byte(log))
		NewWithT(t).Expect(err).To(MatchError("the.log: no line of it points to a fault: expected a log of the agent, or messages of its console or of the portal"))
		NewWithT(t).Expect(script).To(BeNil())
	}
}

func TestLineTime(t *testing.T) {
	december := time.Date(2025, time.December, 31, 23, 0, 0, 0, time.UTC)
	for line, want := range map[string]string{
		`{"time":"2026-03-02T21:10:02.5+01:00","x":1}`: "2026-03-02T20:10:02.5Z",
		"2026-03-02 21:10:02,250 it happened":          "2026-03-02T21:10:02.25Z",
		"Mar 02 2023 21:10:02 it happened":             "2023-03-02T21:10:02Z",
		"Dec  1 21:10:02 it happened":                  "2025-12-01T21:10:02Z",
		"Jan 01 00:10:02 it happened":                  "2026-01-01T00:10:02Z",
		"2026-13-02T21:10:02Z":                         "",
		"Feb 31 2023 21:10:02":                         "",
		"at 21:10":                                     "",
	} {
		t.Run(line, func(t *testing.T) {
			g := NewWithT(t)
			at, found := lineTime(line, december)
			g.Expect(found).To(Equal(want != ""))
			if found {
				g.Expect(at.UTC().Format(time.RFC3339Nano)).To(Equal(want))
			}
		})
	}
}

// Whatever is drafted can be played.
func FuzzDraft(f *testing.F) {
	for _, s := range slices.Concat(ending, serviceFaults, receiverFaults) {
		f.Add("a.log", "2026-03-02T21:10:02Z "+s.words.String())
	}
	for _, m := range Messages() {
		f.Add("-- x --", "Mar 02 21:10:02 "+m.English+"\nMar 03 21:10:02 "+m.Dutch+"\nresolved\n")
	}
	f.Add("\n!", "connection refused\x00\xff\r\n-- agent.json --\n2026-03-02T21:10:02Z resolved")
	f.Fuzz(func(t *testing.T, name, log string) {
		script, err := Draft(name, []byte(log))
		if err != nil {
			return
		}
		if _, err := ParseScript("draft.txtar", script); err != nil {
			t.Fatalf("%v\n%s", err, script)
		}
	})
}
