package stepped

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestAnAcknowledgementTakesARoundTrip(t *testing.T) {
	g := NewWithT(t)
	var j journey
	at := func(d time.Duration) time.Time { return time.Unix(1000, 0).Add(d) }
	g.Expect(j.under(at(0))).To(BeZero())
	j.depart(5, at(0))
	j.depart(7, at(0))
	j.depart(11, at(roundTrip/2))
	g.Expect(j.under(at(roundTrip - 1))).To(Equal(23))
	g.Expect(j.under(at(roundTrip))).To(Equal(11))
	j.depart(13, at(roundTrip))
	g.Expect(j.under(at(roundTrip + roundTrip/2))).To(Equal(13))
	g.Expect(j.under(at(time.Hour))).To(BeZero())
	for i := range 1000 { // days of it take no room
		j.depart(1, at(time.Duration(i)*time.Hour))
	}
	g.Expect(j.legs).To(HaveLen(1))
}
