package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestAnnotationsForGitHub(t *testing.T) {
	g := NewWithT(t)
	text := strings.Replace(smallest, "lines 40", "lines 41", 1)
	status, out, _ := call(t, map[string]string{"bad.txtar": text, "good.txtar": smallest}, "run", "-github", "good.txtar", "bad.txtar")
	g.Expect(status).To(Equal(1))
	g.Expect(strings.Count(out, "::error ")).To(Equal(1))
	g.Expect(out).To(MatchRegexp(`(?m)^::error file=bad.txtar,line=6,title=bad failed::  phase:   Activities arrive%0A  wanted:  syslog lines 41`))
	status, out, errOut := call(t, nil, "run", "-github", "-json", "connected")
	g.Expect(errOut).To(Equal("simulator: run: -json and -github both write lines for a program: choose one\n"))
	g.Expect(out).To(BeEmpty())
	g.Expect(status).To(Equal(2))
}

// A scenario that never ends is in the report too.
func TestAReportAfterTheWatchdog(t *testing.T) {
	g := NewWithT(t)
	folder := t.TempDir()
	text := strings.Replace(smallest, "advance 1m", "advance 100000h", 1)
	status, _, _ := call(t, map[string]string{"good.txtar": smallest, "mine.txtar": text}, "run", "-wall", "500ms", "-report", folder, "good.txtar", "mine.txtar")
	g.Expect(status).To(Equal(1))
	junit, err := os.ReadFile(filepath.Join(folder, "junit.xml"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(junit)).To(ContainSubstring(`tests="2" failures="1"`))
	g.Expect(string(junit)).To(ContainSubstring(`<failure message="still at &#34;advance 100000h&#34; after 500ms of real time (-wall)">`))
	page, err := os.ReadFile(filepath.Join(folder, "report.html"))
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(page)).To(ContainSubstring("after 500ms of real time"))
}

func TestAReportThatCannotBeWritten(t *testing.T) {
	g := NewWithT(t)
	status, out, errOut := call(t, map[string]string{"file": ""}, "run", "-report", "file", "connected")
	g.Expect(errOut).To(HavePrefix("simulator: run: the report's folder: "))
	g.Expect(strings.Count(errOut, "\n")).To(Equal(1))
	g.Expect(out).To(BeEmpty())
	g.Expect(status).To(Equal(2))
}
