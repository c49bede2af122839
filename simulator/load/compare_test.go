package load

import (
	"bytes"
	"testing"

	. "github.com/onsi/gomega"
)

func TestCompare(t *testing.T) {
	g := NewWithT(t)
	find := func(ratios []Ratio, name string) Ratio {
		for _, r := range ratios {
			if r.Name == name {
				return r
			}
		}
		return Ratio{}
	}
	one, err := Compare([]Result{measured(100)}, []Result{measured(150)})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(find(one, "rate").Ratio).To(BeNumerically("~", 1.5, 1e-9))
	g.Expect(find(one, "rate").Low).To(BeZero())
	several, err := Compare([]Result{measured(99), measured(100), measured(101)}, []Result{measured(149), measured(150), measured(151)})
	g.Expect(err).NotTo(HaveOccurred())
	r := find(several, "rate")
	g.Expect(r.Low).To(And(BeNumerically(">", 1.45), BeNumerically("<", 1.5)))
	g.Expect(r.High).To(And(BeNumerically("<", 1.55), BeNumerically(">", 1.5)))
	var table bytes.Buffer
	g.Expect(WriteRatios(&table, several)).To(Succeed())
	g.Expect(table.String()).To(ContainSubstring("no difference shown"))
	g.Expect(find(several, "rate during fault")).To(BeZero())
	faulty := func(seconds float64) Result {
		r := measured(100)
		part := r.Whole
		part.Seconds = seconds
		r.Windows[DuringFault.String()], r.Windows[AfterFault.String()] = part, part
		return r
	}
	windows, err := Compare([]Result{faulty(4)}, []Result{faulty(2)})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(find(windows, "rate during fault").Ratio).To(BeNumerically("~", 2, 1e-9))
	g.Expect(find(windows, "rate before fault")).To(BeZero())
	table.Reset()
	g.Expect(WriteRatios(&table, windows)).To(Succeed())
	g.Expect(table.String()).To(MatchRegexp(`rate during fault +2 records/s +5 records/s +2.000`))
	_, err = Compare(nil, []Result{measured(1)})
	g.Expect(err).To(HaveOccurred())
}
