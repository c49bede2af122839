package fakesyslog

import (
	"fmt"
	"net"
	"strings"
	"syscall"
	"testing"

	. "github.com/onsi/gomega"
)

// datagrams sends lines 1 to n over UDP, waits until so many were booked, and
// returns the ids of what was booked
// as parsed, in order.
func datagrams(t *testing.T, f Fault, n, booked int) (*Server, []string) {
	t.Helper()
	w := newWatch()
	s := &Server{Hook: w.hook, Seed: 1}
	addr, err := s.Start("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	inject(t, s, f)
	c, err := net.Dial("udp", addr.String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for i := 1; i <= n; i++ {
		fmt.Fprint(c, strings.TrimSuffix(line(i), "\n"))
	}
	for len(w.all(KindLine))+len(w.all(KindUnread))+len(w.all(KindTruncated)) < booked {
		<-w.more
	}
	var ids []string
	for _, e := range s.Arrivals() {
		if e.Place == Parsed {
			ids = append(ids, e.ID[len(e.ID)-1:])
		}
	}
	return s, ids
}

func TestUDPFaults(t *testing.T) {
	for _, c := range []struct {
		f     Fault
		want  []string
		place Place
		n     int
	}{
		{Fault{Name: "udp-drop", Every: 2}, []string{"1", "3", "5"}, Unread, 2},
		{Fault{Name: "udp-drop", After: 3}, []string{"1", "2", "3"}, Unread, 2},
		{Fault{Name: "udp-duplicate", First: 1}, []string{"1", "1", "2", "3", "4", "5"}, Unread, 0},
		{Fault{Name: "udp-reorder", First: 1, Args: args("behind", "2")}, []string{"2", "3", "1", "4", "5"}, Unread, 0},
		{Fault{Name: "udp-reorder", Args: args("behind", "2")}, []string{"1", "2", "3"}, Unread, 0},
		{Fault{Name: "udp-truncate", First: 1, Args: args("keep", "170")}, []string{"2", "3", "4", "5"}, Truncated, 1},
	} {
		t.Run(c.f.Name, func(t *testing.T) {
			g := NewWithT(t)
			s, ids := datagrams(t, c.f, 5, len(c.want)+c.n)
			g.Expect(ids).To(Equal(c.want), "a client sees no error at all")
			g.Expect(s.Count(c.place)).To(Equal(c.n))
		})
	}
}

func TestUDPRefusedIsPortUnreachable(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	addr, err := s.Start("udp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	defer s.Close()
	inject(t, s, Fault{Name: "refuse"})
	c, err := net.Dial("udp", addr.String())
	g.Expect(err).NotTo(HaveOccurred())
	defer c.Close()
	fmt.Fprint(c, "x")
	g.Expect(readEnd(c)).To(MatchError(syscall.ECONNREFUSED))
}

// Two faults that hit one datagram both have their way.
func TestADatagramThatIsLateIsCutAsWell(t *testing.T) {
	g := NewWithT(t)
	w := newWatch()
	s := &Server{Hook: w.hook}
	addr, err := s.Start("udp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	defer s.Close()
	inject(t, s, Fault{Name: "udp-reorder", First: 1})
	inject(t, s, Fault{Name: "udp-truncate", First: 1, Args: args("keep", "170")})
	inject(t, s, Fault{Name: "udp-duplicate", First: 1})
	c, err := net.Dial("udp", addr.String())
	g.Expect(err).NotTo(HaveOccurred())
	defer c.Close()
	fmt.Fprint(c, strings.TrimSuffix(line(1), "\n"))
	fmt.Fprint(c, strings.TrimSuffix(line(2), "\n"))
	g.Expect(w.wait(KindTruncated, 2)).To(HaveLen(2))
	g.Expect(s.Count(Parsed)).To(Equal(1))
}
