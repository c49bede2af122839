package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

const agentLog = `{"time":"2026-03-02T21:15:02.5Z","level":"WARN","msg":"notification raised","id":"data-server-connection-error","detail":"siem.contoso.com:514: connect: connection refused"}
{"time":"2026-03-02T22:40:11.5Z","level":"INFO","msg":"notification resolved","id":"data-server-connection-error"}
`

// From what a customer sent to a fault that was reproduced, with a picture.
func TestFromALogToAReport(t *testing.T) {
	g := NewWithT(t)
	status, script, errOut := call(t, map[string]string{"siem-agent.log": agentLog}, "draft", "siem-agent.log")
	g.Expect(errOut).To(BeEmpty())
	g.Expect(status).To(Equal(0))
	g.Expect(script).To(HavePrefix("# Draft from siem-agent.log: what may have happened\n"))

	folder := filepath.Join(t.TempDir(), "report")
	status, out, errOut := call(t, map[string]string{"draft.txtar": script}, "run", "-report", folder, "draft.txtar")
	g.Expect(errOut).To(BeEmpty())
	g.Expect(out).To(ContainSubstring("1 scenarios: 1 passed"))
	g.Expect(out).To(HaveSuffix("report: " + filepath.Join(folder, "report.html") + "\n"))
	g.Expect(status).To(Equal(0))
	for _, name := range []string{"report.html", "junit.xml", "results.json", "history/draft.jsonl"} {
		info, err := os.Stat(filepath.Join(folder, name))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(info.Size()).To(BeNumerically(">", 100), name)
	}
}

func TestBadCallsOfDraft(t *testing.T) {
	for _, c := range []struct {
		args  []string
		wants string
	}{
		{[]string{"draft"}, "simulator: draft: expected one file: an agent's log, or a text with messages of its console or of the portal; - is standard input\n"},
		{[]string{"draft", "nope.log"}, "simulator: open nope.log: no such file or directory\n"},
		{[]string{"draft", "a.log", "a.log"}, "simulator: draft: expected one file: "},
		{[]string{"draft", "a.log"}, "simulator: a.log: no line of it points to a fault: expected a log of the agent, or messages of its console or of the portal\n"},
	} {
		g := NewWithT(t)
		status, out, errOut := call(t, map[string]string{"a.log": "\x00\x7fELF\n"}, c.args...)
		g.Expect(errOut).To(HavePrefix(c.wants))
		g.Expect(strings.Count(errOut, "\n")).To(Equal(1))
		g.Expect(out).To(BeEmpty())
		g.Expect(status).To(Equal(2))
	}
}
