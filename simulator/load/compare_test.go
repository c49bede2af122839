package load

import (
	"bytes"
	"testing"

	. "github.com/onsi/gomega"
)

func TestCompare(t *testing.T) {
	g := NewWithT(t)
	find := func(ratios []Ratio) Ratio {
		for _, r := range ratios {
			if r.Name == "rate" {
				return r
			}
		}
		return Ratio{}
	}
	one, err := Compare([]Result{measured(100)}, []Result{measured(150)})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(find(one).Ratio).To(BeNumerically("~", 1.5, 1e-9))
	g.Expect(find(one).Low).To(BeZero())
	several, err := Compare([]Result{measured(99), measured(100), measured(101)}, []Result{measured(149), measured(150), measured(151)})
	g.Expect(err).NotTo(HaveOccurred())
	r := find(several)
	g.Expect(r.Low).To(And(BeNumerically(">", 1.45), BeNumerically("<", 1.5)))
	g.Expect(r.High).To(And(BeNumerically("<", 1.55), BeNumerically(">", 1.5)))
	var table bytes.Buffer
	g.Expect(WriteRatios(&table, several)).To(Succeed())
	g.Expect(table.String()).To(ContainSubstring("no difference shown"))
	_, err = Compare(nil, []Result{measured(1)})
	g.Expect(err).To(HaveOccurred())
}
