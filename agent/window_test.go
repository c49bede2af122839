package agent

import (
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/agent/internal/cas"
)

func TestAPlaceIsConfirmedWhenTheWindowHasPassedIt(t *testing.T) {
	g := NewWithT(t)
	const size = 1600
	var w window
	activities, alerts := &stream{}, &stream{}
	for i := int64(1); i <= 20; i++ { // 100 bytes each, so none is merged with the next
		s := activities
		if i%4 == 0 {
			s = alerts
		}
		w.add(s, place{from: (i - 1) * 100, to: i * 100, lines: 1, cursor: cas.Cursor{Position: i}}, size)
	}
	g.Expect(w.slide(1600, size)).To(Equal(0))
	g.Expect(w.slide(1699, size)).To(Equal(0))
	g.Expect(w.slide(1700, size)).To(Equal(1))
	g.Expect(activities.confirmed.Position).To(BeEquivalentTo(1))
	g.Expect(w.slide(2000, size)).To(Equal(3))
	g.Expect(activities.confirmed.Position).To(BeEquivalentTo(3))
	g.Expect(alerts.confirmed.Position).To(BeEquivalentTo(4))
	g.Expect(w.slide(2000, size)).To(Equal(0))
	g.Expect(w.slide(1<<40, size)).To(Equal(16))
}

func TestPlacesAreFewHoweverManyWritesThereAre(t *testing.T) {
	g := NewWithT(t)
	const size = 1600
	var w window
	s, lines := &stream{}, 0
	for i := int64(0); i < 100_000; i++ {
		w.add(s, place{from: i, to: i + 1, lines: 1, cursor: cas.Cursor{Position: i}}, size)
		lines += w.slide(i+1, size)
		g.Expect(len(w.places[s])).To(BeNumerically("<=", grain+2))
	}
	g.Expect(100_000 - lines).To(BeNumerically("~", size, size/grain+1))
}
