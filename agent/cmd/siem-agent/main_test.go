package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func environment(token string) func(string) string {
	return func(name string) string {
		if name == "SIEM_AGENT_TOKEN" {
			return token
		}
		return ""
	}
}

func TestTheTokenComesFromTheCallAFileOrTheEnvironment(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	os.WriteFile(file, []byte("FILE\n"), 0o600)
	for wanted, args := range map[string][]string{
		"CALL":        {"--token", "CALL"},
		"FILE":        {"--token=@" + file},
		"ENVIRONMENT": nil,
	} {
		g := NewWithT(t)
		c, err := parse(args, environment("ENVIRONMENT"))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(c.token).To(Equal(wanted))
	}
}

func TestTheDocumentedFlags(t *testing.T) {
	g := NewWithT(t)
	c, err := parse([]string{"--logsDirectory", "logs", "--proxy", "proxy:8080", "--token", "T"}, environment(""))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c).To(Equal(call{token: "T", proxy: "proxy:8080", logsDirectory: "logs"}))
}

func TestCallsThatAreWrong(t *testing.T) {
	settings := filepath.Join(t.TempDir(), "settings.json")
	os.WriteFile(settings, []byte(`{"pullPeriod": 30}`), 0o600)
	for name, c := range map[string]struct {
		args   []string
		wanted string
	}{
		"nothing":            {nil, "siem-agent: expected --token TOKEN (-h prints what can be given)\n"},
		"an unknown flag":    {[]string{"--tokn", "SECRET"}, "siem-agent: flag provided but not defined: -tokn (-h prints what can be given)\n"},
		"the token alone":    {[]string{"SECRET"}, "siem-agent: expected no argument besides the flags (-h prints them)\n"},
		"no token file":      {[]string{"--token", "@/nowhere/token"}, "siem-agent: --token: open /nowhere/token: no such file or directory\n"},
		"no settings file":   {[]string{"--token", "SECRET", "--settings", "/nowhere/s"}, "siem-agent: --settings: open /nowhere/s: no such file or directory\n"},
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
	g.Expect(out.String()).To(HavePrefix("siem-agent "))
	g.Expect(errout.String()).To(BeEmpty())
}

func TestADocumentedErrorIsPrintedLoggedAndItsStatusReturned(t *testing.T) {
	g := NewWithT(t)
	logs := filepath.Join(t.TempDir(), "logs")
	var out, errout bytes.Buffer
	g.Expect(run(context.Background(), []string{"--token", "SECRET", "--logsDirectory", logs}, environment(""), &out, &errout)).To(Equal(5))
	g.Expect(errout.String()).To(HavePrefix("Invalid token\na token has 64 to 192 characters, this one has 6\ncheck that the right token was copied, or regenerate it in the portal\n"))
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
