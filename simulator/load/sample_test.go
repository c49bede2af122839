package load

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestRecovery(t *testing.T) {
	g := NewWithT(t)
	var samples []Sample
	for at := range 40 { // 100 a second; nothing arrives from 10 to 15, then 200 a second
		arrived := 100 * min(at, 10)
		if at > 15 {
			arrived = min(100*at, 1000+200*(at-15))
		}
		samples = append(samples, Sample{At: float64(at), Created: 100 * at, Arrived: arrived})
	}
	b := Band{From: 10, To: 15}
	b.recover(samples, 100)
	g.Expect(b.Recovered).To(BeTrue())
	g.Expect(b.Recovery).To(BeEquivalentTo(5)) // 500 behind, 100 a second of it made up
	g.Expect(b.Drain).To(BeNumerically("~", 167, 10))
	g.Expect(b.Told(1)).To(ContainSubstring("recovered 5.0 s after its end"))
	short := Band{From: 10, To: 11} // at whose end no more than a second's worth is behind, and it grows
	short.recover(samples, 100)
	g.Expect(short.Recovery).To(BeEquivalentTo(9))
	none := Band{From: 2, To: 3}
	none.recover(samples, 100)
	g.Expect(none.Recovered).To(BeTrue())
	g.Expect(none.Told(3)).To(ContainSubstring("at 0 of 3 agents; nothing was left to make up for"))
	never := Band{From: 10, To: 15}
	never.recover(samples[:17], 100)
	g.Expect(never.Recovered).To(BeFalse())
}
