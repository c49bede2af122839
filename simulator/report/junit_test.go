package report

import (
	"encoding/xml"
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/simulator"
)

func TestJUnit(t *testing.T) {
	g := NewWithT(t)
	skipped := drill(t)
	skipped.Result.ID, skipped.Result.Verdict, skipped.Result.Reason = "skipped", simulator.Skipped, "no clock"
	hostileRun := drill(t)
	hostileRun.Result.Reason = "]]>\x00<failure>"
	_, folder := written(t, Limits{}, drill(t), passing(t, "good"), skipped, hostileRun)
	data, err := os.ReadFile(filepath.Join(folder, "junit.xml"))
	g.Expect(err).NotTo(HaveOccurred())

	var read junitSuites
	g.Expect(xml.Unmarshal(data, &read)).To(Succeed())
	s := read.Suite
	g.Expect([]int{s.Tests, s.Failures, s.Errors, s.Skipped}).To(Equal([]int{4, 2, 0, 1}))
	g.Expect(s.Time).To(Equal("1.000"))
	failed := s.Cases[0]
	g.Expect([]string{failed.ClassName, failed.Name, failed.File, failed.Time}).To(Equal([]string{"scenarios", "drill", "scenarios/drill.txtar", "0.250"}))
	g.Expect(failed.Failure.Message).To(Equal("check no-loss (scenarios/drill.txtar:12)"))
	g.Expect(failed.Failure.Text).To(Equal(drill(t).Result.Reason))
	g.Expect(failed.Properties).To(ContainElement(junitProperty{"seed", "7"}))
	g.Expect(failed.Out).To(Equal("go run ./simulator/cmd/simulator run -seed 7 scenarios/drill.txtar"))
	g.Expect(s.Cases[1].Failure).To(BeNil())
	g.Expect(s.Cases[1].Skipped).To(BeNil())
	g.Expect(s.Cases[2].Skipped.Message).To(Equal("no clock"))
	g.Expect(s.Cases[3].Failure.Text).To(Equal("]]>\uFFFD<failure>"))
}

func TestAnnotation(t *testing.T) {
	g := NewWithT(t)
	run := drill(t)
	run.Result.ID, run.Result.Reason = "a:b,c", "50% lost\nsecond\r\n::warning::x"
	g.Expect(Annotation(run)).To(Equal("::error file=scenarios/drill.txtar,line=12,title=a%3Ab%2Cc failed::50%25 lost%0Asecond%0D%0A::warning::x\n"))
	run.Line = 0
	g.Expect(Annotation(run)).To(ContainSubstring(",line=1,"))
	run.Result.Verdict = simulator.Passed
	g.Expect(Annotation(run)).To(BeEmpty())
}
