package network

import (
	"testing"

	. "github.com/onsi/gomega"
)

// A queue behaves as a slice does that is cut at the front. Each byte of the
// input is a step: what to do, and with how many items.
func FuzzQueue(f *testing.F) {
	f.Add([]byte{3, 3, 65, 3, 66, 130, 3})
	f.Add([]byte{63, 127, 63, 63, 100, 195, 63, 64})
	f.Fuzz(func(t *testing.T, steps []byte) {
		g := NewWithT(t)
		var q queue[byte]
		var model []byte
		for i, s := range steps {
			n := int(s & 63)
			switch s >> 6 {
			case 0:
				for range n {
					q.add(byte(i))
					model = append(model, byte(i))
				}
			case 1:
				n = min(n, len(model))
				q.drop(n)
				model = model[n:]
			default:
				if len(model) > 0 {
					g.Expect(*q.last()).To(Equal(model[len(model)-1]))
					g.Expect(q.pop()).To(Equal(model[0]))
					model = model[1:]
				}
			}
			g.Expect(q.len()).To(Equal(len(model)))
			g.Expect(string(q.first(q.len()))).To(Equal(string(model)))
		}
	})
}

func TestAQueueReusesItsArray(t *testing.T) {
	g := NewWithT(t)
	var q queue[byte]
	q.add(make([]byte, 1000)...)
	allocations := testing.AllocsPerRun(10_000, func() {
		q.add(make([]byte, 100)...)
		q.drop(100)
	})
	g.Expect(allocations).To(BeZero())
	g.Expect(cap(q.items)).To(BeNumerically("<", 5000))
}
