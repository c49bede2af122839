package fakesyslog

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/netip"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// A hostile sender gets a refusal that is counted, and memory stays bounded.

func TestEndlessLine(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	c := dial(t, address)
	chunk := []byte(strings.Repeat("x", 1<<20))
	for range 64 {
		_, err := c.Write(chunk)
		g.Expect(err).NotTo(HaveOccurred())
	}
	fmt.Fprint(c, "\n"+line(1))
	w.wait(KindLine, 1)
	g.Expect(s.Count(Truncated)).To(Equal(1))
	g.Expect(w.all(KindTruncated)[0].Detail).To(Equal("offset=0: longer than 65536 bytes: the rest is cut off"))
}

func TestALengthBeyondBelief(t *testing.T) {
	g := NewWithT(t)
	s := &Server{Framing: OctetCounting}
	w, address := loopback(t, s)
	c := dial(t, address)
	fmt.Fprint(c, "1000000000000000000 x")
	g.Expect(readEnd(c)).To(Equal(io.EOF))
	g.Expect(w.wait(KindClosed, 1)[0].Detail).To(HavePrefix("closed: framing lost"))
	g.Expect(s.Count(Rejected)).To(Equal(1))
	g.Expect(w.all(KindRejected)[0].Detail).To(Equal("offset=0: its length has more than 9 digits"))
}

func TestALengthThatIsLongAndNeverComes(t *testing.T) {
	g := NewWithT(t)
	s := &Server{Framing: OctetCounting, MaxSize: 1000}
	w, address := loopback(t, s)
	c := dial(t, address)
	fmt.Fprint(c, "999999999 "+strings.Repeat("x", 1000))
	w.wait(KindTruncated, 1) // it is not waited for
	c.CloseWrite()
	g.Expect(readEnd(c)).To(Equal(io.EOF))
}

func TestInvalidUTF8IsRejectedWithItsPlace(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	fmt.Fprint(dial(t, address), strings.Replace(line(1), "Log on", "Log \xff", 2))
	g.Expect(w.wait(KindRejected, 1)[0].Detail).To(ContainSubstring("not UTF-8: byte 0xff"))
	g.Expect(w.all(KindRejected)[0].Record).To(Equal(lineID(1)), "and its id is known all the same")
}

func TestTooManyConnectionsAreTurnedAway(t *testing.T) {
	g := NewWithT(t)
	s := &Server{MaxConnections: 3}
	w, address := loopback(t, s)
	for range 3 {
		dial(t, address)
	}
	w.wait(KindAccepted, 3)
	g.Expect(endOf(address)).To(MatchError(syscall.ECONNRESET))
	g.Expect(w.wait(KindTurnedAway, 1)[0].Detail).To(Equal("there are 3 connections, which is the most"))
	g.Expect(s.State().TurnedAway).To(Equal(1))
}

// TestTenThousandConnections dials ten thousand times, each with an unfinished
// line of the maximum size, and measures the heap.
func TestTenThousandConnections(t *testing.T) {
	if testing.Short() {
		t.Skip("ten thousand connections")
	}
	g := NewWithT(t)
	var limit syscall.Rlimit
	g.Expect(syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit)).To(Succeed())
	const standing, dials, size = 100, 10_000, 32 << 10
	if limit.Cur < 1024 {
		t.Skipf("%d open files are allowed, expected 1024", limit.Cur)
	}
	s := &Server{MaxConnections: standing, MaxSize: size}
	w, address := loopback(t, s)
	unfinished := []byte(strings.Repeat("x", size))
	for range standing {
		_, err := dial(t, address).Write(unfinished)
		g.Expect(err).NotTo(HaveOccurred())
	}
	for range dials - standing {
		if c, err := net.Dial("tcp", address); err == nil { // a reset may be quicker than the dial
			c.Close()
		}
	}
	w.wait(KindTurnedAway, dials-standing)
	g.Expect(s.State().Connections).To(Equal(standing))
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	t.Logf("%.1f MiB", float64(m.HeapAlloc)/(1<<20))
	// The stated bound: a connection holds at most largeBuffer and twice the
	// maximum size; the rest is the events that this test keeps.
	g.Expect(m.HeapAlloc).To(BeNumerically("<", standing*(largeBuffer+2*size)+64<<20))
}

// within fails the test if f takes longer: what is not linear takes for ever.
func within(t *testing.T, d time.Duration, f func()) {
	t.Helper()
	done := make(chan struct{})
	go func() { f(); close(done) }()
	select {
	case <-done:
	case <-time.After(d):
		t.Fatalf("it takes longer than %s", d)
	}
}

// What a line can make the reader remember is bounded, and so is its time.
func TestALineOfNothingButDeviations(t *testing.T) {
	head := goodLine[:strings.Index(goodLine, "externalId")]
	for name, tail := range map[string]string{
		"equals signs":  "k=" + strings.Repeat("=", 4<<20),
		"escapes":       "k=" + strings.Repeat(`\a`, 2<<20),
		"keys":          strings.Repeat(" k=", 1<<20)[1:],
		"in the header": strings.Repeat(`\a`, 2<<20),
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			var l *Line
			within(t, 20*time.Second, func() { l = ParseLine([]byte(head + tail)) })
			g.Expect(len(l.Deviations)).To(And(BeNumerically(">", 0), BeNumerically("<=", maxDeviations)))
			g.Expect(len(l.CEF.Extension)).To(BeNumerically("<=", maxFields))
		})
	}
}

func TestAnIDThatIsTooLongIsNone(t *testing.T) {
	g := NewWithT(t)
	s := &Server{Malformed: TakeMalformed}
	w, address := loopback(t, s)
	long := strings.Repeat("x", maxID+1)
	fmt.Fprint(dial(t, address), strings.Replace(goodLine, "externalId=1_a", "externalId="+long, 1)+"\n")
	g.Expect(w.wait(KindLine, 1)[0].Record).To(BeEmpty())
	g.Expect(s.Arrivals()[0].ID).To(BeEmpty())
	l := ParseLine([]byte(strings.Replace(goodLine, "externalId=1_a", "externalId="+long, 1)))
	g.Expect(l.Deviations).To(HaveLen(1))
	g.Expect(l.Deviations[0].What).To(Equal("externalId has 257 bytes: expected at most 256"))
}

// failing is a socket whose reads fail so many times, and then wait.
type failing struct {
	net.PacketConn
	left   atomic.Int32
	closed chan struct{}
}

func (f *failing) ReadFrom([]byte) (int, net.Addr, error) {
	if f.left.Add(-1) >= 0 {
		return 0, nil, &net.OpError{Op: "read", Net: "udp", Err: syscall.ENOBUFS}
	}
	<-f.closed
	return 0, nil, net.ErrClosed
}

func (f *failing) LocalAddr() net.Addr {
	return net.UDPAddrFromAddrPort(netip.MustParseAddrPort("192.0.2.1:514"))
}

func (f *failing) Close() error { close(f.closed); return nil }

// A socket that fails again and again is not asked without end.
func TestAFailingSocketIsGivenARest(t *testing.T) {
	for name, start := range map[string]func(*Server) error{
		"datagrams": func(s *Server) error { _, err := s.Start("udp", "192.0.2.1:514"); return err },
		"names":     func(s *Server) error { _, err := s.StartNames("192.0.2.1:53", nil); return err },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				w := newWatch()
				s := &Server{Hook: w.hook, ListenPacket: func(context.Context, string, string) (net.PacketConn, error) {
					f := &failing{closed: make(chan struct{})}
					f.left.Store(1000)
					return f, nil
				}}
				g.Expect(start(s)).To(Succeed())
				time.Sleep(time.Second - 1)
				g.Expect(w.all(KindTrouble)).To(HaveLen(10))
				g.Expect(s.Close()).To(Succeed())
			})
		})
	}
}
