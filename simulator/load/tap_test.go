package load

import (
	"fmt"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func line(number int, created int64) []byte {
	return fmt.Appendf(nil, "<109>2026-01-05T09:00:00.000Z CEF:0|MCAS|SIEM_Agent|0.1|X|Y|0|externalId=97134000_1_00000000-0000-4000-a000-%012x rt=%d start=1\n", number, created)
}

func alertLine(number int, created int64) []byte {
	return fmt.Appendf(nil, "<109>2026-01-05T09:00:00.000Z CEF:0|MCAS|SIEM_Agent|0.1|X|Y|0|externalId=0123456789abcdef%08x start=%d end=1\n", number, created)
}

// What came is told apart by number; order and age by the event's own time.
func TestTap(t *testing.T) {
	g := NewWithT(t)
	window := BeforeFault
	tap := &tap{now: func() time.Time { return time.UnixMilli(5000) }, window: func() Window { return window }}
	for _, l := range [][]byte{line(1, 1000), line(2, 3000), line(3, 2000), line(1, 1000), []byte("hello\n")} {
		tap.Write(l)
	}
	tap.Write(alertLine(1, 1500)) // another type's first, and in order
	tap.Write(alertLine(1, 1500))
	window = AfterFault
	tap.Write(line(100_000, 3000))
	var parts [windows]Arrivals
	g.Expect(tap.addTo(&parts)).To(Equal(1))
	g.Expect(parts[BeforeFault].First).To(Equal(4))
	g.Expect(parts[BeforeFault].Duplicated).To(Equal(2))
	g.Expect(parts[BeforeFault].OutOfOrder).To(Equal(1))
	g.Expect(parts[BeforeFault].Ages.At(100)).To(BeNumerically("~", 4*time.Second, 8*time.Millisecond))
	g.Expect(parts[AfterFault].First).To(Equal(1))
	g.Expect(tap.count()).To(Equal(5))
	var recent Ages
	tap.reading(&recent)
	g.Expect(recent.Count()).To(BeEquivalentTo(5))
}

func FuzzReadLine(f *testing.F) {
	f.Add(line(1, 2))
	f.Add([]byte("|externalId=000000000001 rt="))
	f.Add(alertLine(1, 2))
	f.Add([]byte("|externalId=ffffffffffff rt=1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		_, number, created, ok := readLine(text)
		if ok && (number >= maxNumber || created < 0) {
			t.Fatalf("%d, %d", number, created)
		}
	})
}
