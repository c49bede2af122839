package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/agent"
)

func environment(token string) func(string) string {
	return func(name string) string {
		return map[string]string{"SIEM_AGENT_TOKEN": token, "SIEM_AGENT_PROXY": "environment.example"}[name]
	}
}

func TestTheTokenComesFromTheCallAFileOrTheEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	os.WriteFile(file, []byte("\ufeffFILE\r\n"), 0o600) // as an editor of Windows writes it
	for wanted, args := range map[string][]string{
		"CALL":        {"--token", "CALL"},
		"FILE":        {"--token=@" + file},
		"ENVIRONMENT": nil,
	} {
		g := NewWithT(t)
		c, err := parse(args, environment("ENVIRONMENT\r\n"))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(c.token).To(Equal(wanted))
	}
}

func TestATokenFromAFileIsReadAgain(t *testing.T) {
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "token")
	os.WriteFile(file, []byte("OLD"), 0o600)
	c, err := parse([]string{"--token", "@" + file}, environment(""))
	g.Expect(err).NotTo(HaveOccurred())
	renew := c.config().Renew
	os.WriteFile(file, []byte("NEW\n"), 0o600)
	g.Expect(renew()).To(Equal("NEW"))
	os.Remove(file)
	g.Expect(renew()).To(BeEmpty())

	c, err = parse([]string{"--token", "OLD"}, environment(""))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.config().Renew).To(BeNil())
}

func TestTheProxyComesFromTheCallAFileOrTheEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "proxy")
	os.WriteFile(file, []byte("http://me:word@file.example:3128\n"), 0o600)
	for wanted, args := range map[string][]string{
		"call.example":                     {"--proxy", "call.example"},
		"http://me:word@file.example:3128": {"--proxy", "@" + file},
		"environment.example":              nil,
	} {
		g := NewWithT(t)
		c, err := parse(args, environment("T"))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(c.proxy).To(Equal(wanted))
	}
}

func TestAConfigurationFileBringsItsSettings(t *testing.T) {
	g := NewWithT(t)
	path := filepath.Join(t.TempDir(), "agent.json")
	os.WriteFile(path, []byte(`{"remote": {"host": "h", "port": 1}, "local": {"service": "https://contoso.eu.example", "maxSize": 8192}}`), 0o600)
	c, err := parse([]string{"--configuration", path}, environment("T"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.settings.MaxSize).To(Equal(8192))
	configuration, err := c.source.Configuration(context.Background())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(configuration.Tenant).To(Equal("contoso"))
}

func TestTheDocumentedFlags(t *testing.T) {
	g := NewWithT(t)
	c, err := parse([]string{"--logsDirectory", "logs", "--proxy", "proxy:8080", "--token", "T"}, environment(""))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c).To(Equal(call{token: "T", proxy: "proxy:8080", logsDirectory: "logs"}))
}

func TestCallsThatAreWrong(t *testing.T) {
	file := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		os.WriteFile(path, []byte(text), 0o600)
		return path
	}
	settings := file("settings.json", `{"pullPeriod": 30}`)
	empty := file("agent.json", `{}`)
	local := file("agent.json", `{"remote": {"host": "h", "port": 1}, "local": {"pulPeriod": "1s"}}`)
	noService := file("agent.json", `{"remote": {"host": "h", "port": 1}}`)
	for name, c := range map[string]struct {
		args   []string
		wanted string
	}{
		"nothing":            {nil, "siem-agent: expected --token TOKEN (-h prints what can be given)\n"},
		"an unknown flag":    {[]string{"--tokn", "SECRET"}, "siem-agent: flag provided but not defined: -tokn (-h prints what can be given)\n"},
		"the token alone":    {[]string{"SECRET"}, "siem-agent: expected no argument besides the flags (-h prints them)\n"},
		"no token file":      {[]string{"--token", "@/nowhere/token"}, "siem-agent: --token: open /nowhere/token: no such file or directory\n"},
		"no settings file":   {[]string{"--token", "SECRET", "--settings", "/nowhere/s"}, "siem-agent: --settings: open /nowhere/s: no such file or directory\n"},
		"two files":          {[]string{"--token", "SECRET", "--settings", settings, "--configuration", settings}, "siem-agent: expected --settings or --configuration: the latter has the settings as \"local\"\n"},
		"no configuration":   {[]string{"--token", "SECRET", "--configuration", "/nowhere/c"}, "siem-agent: --configuration: /nowhere/c: no such file or directory\n"},
		"no receiver in it":  {[]string{"--token", "SECRET", "--configuration", empty}, "siem-agent: --configuration: " + empty + ": remote.host: expected a name or an address\n"},
		"settings within it": {[]string{"--token", "SECRET", "--configuration", local}, "siem-agent: " + local + ": local: settings: json: unknown field \"pulPeriod\"\n"},
		"no service in it":   {[]string{"--token", "SECRET", "--configuration", noService}, "siem-agent: settings: service: expected https://HOST, the tenant's address: without a portal the token doesn't tell it\n"},
		"check, too":         {[]string{"check", "--token", "SECRET", "--configuration", noService}, "siem-agent: settings: service: expected https://HOST, the tenant's address: without a portal the token doesn't tell it\n"},
		"an open clock":      {[]string{"--token", "SECRET", "--clock", "listen:8.8.8.8:1"}, "siem-agent: --clock: wrong address \"listen:8.8.8.8:1\": expected listen: and a loopback or private address and a port, such as listen:10.0.0.2:7000\n"},
		"JSON of no check":   {[]string{"-json"}, "siem-agent: flag provided but not defined: -json (-h prints what can be given)\n"},
		"settings of no use": {[]string{"--token", "SECRET", "--settings", settings}, "siem-agent: " + settings + ": settings: pullPeriod: 30: expected a duration such as \"90s\", in quotes\n"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var out, errout bytes.Buffer
			g.Expect(run(context.Background(), c.args, environment(""), &out, &errout)).To(Equal(2))
			g.Expect(errout.String()).To(Equal(c.wanted))
			g.Expect(out.String()).To(BeEmpty())
		})
	}
}

func TestHelpAndVersion(t *testing.T) {
	g := NewWithT(t)
	var out, errout bytes.Buffer
	g.Expect(run(context.Background(), []string{"-h"}, environment(""), &out, &errout)).To(Equal(0))
	g.Expect(out.String()).To(Equal(usage))
	out.Reset()
	g.Expect(run(context.Background(), []string{"--version"}, environment(""), &out, &errout)).To(Equal(0))
	g.Expect(out.String()).To(MatchRegexp(`^siem-agent \S+\ncommit .+\ngo\S+ \w+/\w+\n$`))
	g.Expect(errout.String()).To(BeEmpty())
}

func TestADocumentedErrorIsPrintedLoggedAndItsStatusReturned(t *testing.T) {
	g := NewWithT(t)
	logs := filepath.Join(t.TempDir(), "logs")
	var out, errout bytes.Buffer
	g.Expect(run(context.Background(), []string{"--token", "SECRET", "--logsDirectory", logs}, environment(""), &out, &errout)).To(Equal(5))
	g.Expect(errout.String()).To(ContainSubstring("\nInvalid token\na token has 64 to 192 characters, this one has 6\ncheck that the right token was copied, or regenerate it in the portal\n"))
	logged, err := os.ReadFile(filepath.Join(logs, "siem-agent.log"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(logged)).To(ContainSubstring(`"error":"invalid-token"`))
	g.Expect(strings.Contains(string(logged)+errout.String(), "SECRET")).To(BeFalse())
}

func TestLogsThatCanNotBeWritten(t *testing.T) {
	g := NewWithT(t)
	file := filepath.Join(t.TempDir(), "file")
	os.WriteFile(file, nil, 0o600)
	var out, errout bytes.Buffer
	g.Expect(run(context.Background(), []string{"--token", "T", "--logsDirectory", file}, environment(""), &out, &errout)).To(Equal(1))
	g.Expect(errout.String()).To(HavePrefix("siem-agent: --logsDirectory: "))
}

func TestCheckPrintsALineForEachThing(t *testing.T) {
	g := NewWithT(t)
	var out, errout bytes.Buffer
	args := []string{"check", "--token", "SECRET", "--proxy", "none.example"}
	g.Expect(run(context.Background(), args, environment(""), &out, &errout)).To(Equal(5))
	g.Expect(out.String()).To(HavePrefix("token          bad         a token has 64 to 192 characters, this one has 6\n" +
		"               to do:      check that the right token was copied, or regenerate it in the portal\n" +
		"proxy          not tried   something else has to be right first\n"))
	g.Expect(strings.Count(out.String(), "not tried")).To(Equal(6))
	g.Expect(errout.String()).To(BeEmpty())
}

func TestCheckInJSON(t *testing.T) {
	g := NewWithT(t)
	var out, errout bytes.Buffer
	g.Expect(run(context.Background(), []string{"check", "-json", "--token", "SECRET"}, environment(""), &out, &errout)).To(Equal(5))
	var report struct {
		Status   int
		Findings []agent.Finding
	}
	g.Expect(json.Unmarshal(out.Bytes(), &report)).To(Succeed())
	g.Expect(report.Status).To(Equal(5))
	g.Expect(report.Findings).To(HaveLen(7))
	g.Expect(report.Findings[0]).To(Equal(agent.Finding{
		Thing: agent.TheToken, Opinion: agent.Bad, Detail: "a token has 64 to 192 characters, this one has 6",
		Remedy: "check that the right token was copied, or regenerate it in the portal",
	}))
}

func TestMetricsAreServedWhereTheSettingSays(t *testing.T) {
	g := NewWithT(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	address := taken.Addr().String()
	_, _, err = watch(agent.Settings{MetricsAddress: address}, slog.New(slog.DiscardHandler))
	g.Expect(err).To(MatchError(ContainSubstring("settings: metricsAddress: listen tcp " + address)))

	taken.Close()
	hook, stop, err := watch(agent.Settings{MetricsAddress: address}, slog.New(slog.DiscardHandler))
	g.Expect(err).NotTo(HaveOccurred())
	defer stop()
	hook(agent.Event{Kind: agent.KindState, Detail: "held: refused"})
	answer, err := http.Get("http://" + address + "/healthz")
	g.Expect(err).NotTo(HaveOccurred())
	defer answer.Body.Close()
	g.Expect(answer.StatusCode).To(Equal(503))
}

func TestLogFilesAreRotated(t *testing.T) {
	g := NewWithT(t)
	directory := t.TempDir()
	log, closeLog, err := newLogger(directory, io.Discard)
	g.Expect(err).NotTo(HaveOccurred())
	line := strings.Repeat("x", 1<<20)
	for range 12 {
		log.Debug(line)
	}
	closeLog()
	files, _ := filepath.Glob(filepath.Join(directory, "siem-agent*.log"))
	g.Expect(files).To(HaveLen(2))
	for _, f := range files {
		about, err := os.Stat(f)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(about.Size()).To(BeNumerically("<=", logMegabytes<<20))
	}
}
