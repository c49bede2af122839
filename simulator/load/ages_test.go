package load

import (
	"encoding/json"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// A histogram survives being written; merging loses nothing.
func TestAges(t *testing.T) {
	g := NewWithT(t)
	var a, b Ages
	g.Expect(b.At(50)).To(BeZero())
	for i := range 1000 {
		a.Add(time.Duration(i) * time.Millisecond)
	}
	a.Add(-time.Hour)
	a.Add(10_000 * time.Hour)
	text, err := json.Marshal(a)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(json.Unmarshal(text, &b)).To(Succeed())
	g.Expect(b.h.Equals(a.h)).To(BeTrue())
	b.Merge(a)
	g.Expect(b.Count()).To(BeEquivalentTo(2004))
	g.Expect(b.At(50)).To(Equal(a.At(50)))
	g.Expect(json.Unmarshal([]byte(`"x"`), &b)).NotTo(Succeed())
}
