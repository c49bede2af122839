package load

import (
	"testing"

	. "github.com/onsi/gomega"
)

// Growth is of the last quarter over the second; where nobody knows the memory
// there is none.
func TestGrowth(t *testing.T) {
	g := NewWithT(t)
	r := Result{Load: 8}
	_, known := r.growth()
	g.Expect(known).To(BeFalse())
	for at, memory := range []int64{10, 90, 100, 100, 500, 500, 120, 130, 900} { // 8 s is after the load
		r.Samples = append(r.Samples, Sample{At: float64(at), Memory: memory})
	}
	growth, known := r.growth()
	g.Expect(known).To(BeTrue())
	g.Expect(growth).To(BeNumerically("~", 1.25, 1e-9))
}

// What came again counts for the fault before it.
func TestDuplicatedByFault(t *testing.T) {
	g := NewWithT(t)
	samples := []Sample{{At: 1, Duplicated: 3}, {At: 2, Duplicated: 5}, {At: 3, Duplicated: 20}, {At: 4, Duplicated: 21}}
	a, b := Band{From: 1}, Band{From: 2.5}
	a.again(samples, 2.5)
	b.again(samples, 10)
	g.Expect([]int{a.Duplicated, b.Duplicated}).To(Equal([]int{2, 16}))
	most, known := Result{Faults: []Band{a, b}}.mostDuplicated()
	g.Expect(known).To(BeTrue())
	g.Expect(most).To(BeEquivalentTo(16))
	_, known = Result{}.mostDuplicated()
	g.Expect(known).To(BeFalse())
}
