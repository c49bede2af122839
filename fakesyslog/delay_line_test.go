package fakesyslog

import (
	"io"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestNothingOvertakesOnADelayLine(t *testing.T) {
	g := NewWithT(t)
	var d delayLine
	start := time.Unix(0, 0)
	d.add([]byte("one"), nil, start.Add(2*time.Second))
	d.add([]byte("two"), io.EOF, start.Add(time.Second)) // less jitter
	g.Expect(d.parcels[1].due).To(Equal(start.Add(2 * time.Second)))
	g.Expect(d.full()).To(BeTrue(), "nothing comes after the end")
	p := make([]byte, 2)
	n, err := d.take(p)
	g.Expect(string(p[:n])).To(Equal("on"))
	g.Expect(err).NotTo(HaveOccurred())
	n, err = d.take(p)
	g.Expect(string(p[:n])).To(Equal("e"))
	g.Expect(err).NotTo(HaveOccurred())
	d.take(p)
	_, err = d.take(p)
	g.Expect(err).To(Equal(io.EOF), "with the last byte of its parcel")
	g.Expect(d.empty()).To(BeTrue())
	g.Expect(d.bytes).To(BeZero())
}

func TestADelayLineIsFullAtItsLimit(t *testing.T) {
	g := NewWithT(t)
	var d delayLine
	d.add(make([]byte, delayLineLimit-1), nil, time.Time{})
	g.Expect(d.full()).To(BeFalse())
	d.add(make([]byte, 1), nil, time.Time{})
	g.Expect(d.full()).To(BeTrue())
}

func TestWhatIsDelayedWhenAConnectionBreaksIsUnread(t *testing.T) {
	g := NewWithT(t)
	s := &Server{Clock: newHandClock()}
	w, address := loopback(t, s)
	inject(t, s, Fault{Name: "latency", Args: args("delay", "1h")})
	c := dial(t, address)
	io.WriteString(c, line(1)+line(2))
	clock := s.Clock.(*handClock)
	<-clock.armed // what was read is delayed
	inject(t, s, Fault{Name: "reset"})
	w.wait(KindClosed, 1)
	g.Expect(s.Count(Unread)).To(Equal(2))
	g.Expect(s.Count(Parsed)).To(BeZero())
}
