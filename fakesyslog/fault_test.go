package fakesyslog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// These tests show what a plain Go client sees of each fault on the kernel's
// loopback.

// handClock stands still until a test advances it.
type handClock struct {
	mu     sync.Mutex
	now    time.Time
	timers map[*handTimer]struct{}
	armed  chan struct{} // told of each new timer
}

type handTimer struct {
	at time.Time
	f  func()
}

func newHandClock() *handClock {
	return &handClock{now: time.Date(2023, 3, 2, 21, 10, 2, 0, time.UTC), timers: map[*handTimer]struct{}{}, armed: make(chan struct{}, 1000)}
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) AfterFunc(d time.Duration, f func()) func() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &handTimer{c.now.Add(d), f}
	c.timers[t] = struct{}{}
	c.armed <- struct{}{}
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		_, ok := c.timers[t]
		delete(c.timers, t)
		return ok
	}
}

func (c *handClock) Busy(int) {}

func (c *handClock) advance(d time.Duration) {
	c.mu.Lock()
	c.now = c.now.Add(d)
	var due []func()
	for t := range c.timers {
		if !t.at.After(c.now) {
			due = append(due, t.f)
			delete(c.timers, t)
		}
	}
	c.mu.Unlock()
	for _, f := range due {
		f()
	}
}

// step advances to the next timer.
func (c *handClock) step() {
	c.mu.Lock()
	var next time.Time
	for t := range c.timers {
		if next.IsZero() || t.at.Before(next) {
			next = t.at
		}
	}
	d := next.Sub(c.now)
	c.mu.Unlock()
	if !next.IsZero() {
		c.advance(d)
	}
}

func args(pairs ...string) map[string]string {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return m
}

func inject(t *testing.T, s *Server, f Fault) string {
	t.Helper()
	id, err := s.Inject(f)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// dialWithin dials and gives up after d of real time: what does not answer
// can't be waited for otherwise.
func dialWithin(address string, d time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return new(net.Dialer).DialContext(ctx, "tcp", address)
}

const patience = 100 * time.Millisecond

func readEnd(c net.Conn) error {
	_, err := c.Read(make([]byte, 1))
	return err
}

func TestBlackHole(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	standing := dial(t, address)
	w.wait(KindAccepted, 1)
	inject(t, s, Fault{Name: "black-hole"})
	_, err := dialWithin(address, patience)
	g.Expect(err).To(HaveOccurred(), "a SYN that is not answered runs into the client's own limit")
	var timeout net.Error
	g.Expect(errors.As(err, &timeout) && timeout.Timeout()).To(BeTrue())
	fmt.Fprint(standing, line(1))
	w.wait(KindLine, 1)
	g.Expect(w.all(KindFaultHit)[0].Detail).To(Equal("black-hole silenced the listener"))
	g.Expect(s.Heal("black-hole")).To(Succeed())
	fmt.Fprint(dial(t, address), line(2))
	w.wait(KindLine, 2)
}

func TestBlackHoleOfEstablishedConnections(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	standing := dial(t, address)
	w.wait(KindAccepted, 1)
	inject(t, s, Fault{Name: "black-hole", Args: args("established", "true")})
	w.wait(KindFaultHit, 2)
	_, err := fmt.Fprint(standing, line(1))
	g.Expect(err).NotTo(HaveOccurred(), "the kernel takes what nobody will acknowledge")
	standing.SetReadDeadline(time.Now().Add(patience))
	g.Expect(readEnd(standing)).To(MatchError(os.ErrDeadlineExceeded), "neither FIN nor RST comes")
	g.Expect(s.Count(Parsed)).To(BeZero())
	g.Expect(s.Heal("black-hole")).To(Succeed())
	w.wait(KindLine, 1) // the kernel sends again
}

func TestFullBacklog(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	inject(t, s, Fault{Name: "full-backlog"})
	var open []net.Conn
	for {
		c, err := dialWithin(address, patience)
		if err != nil {
			break
		}
		defer c.Close()
		open = append(open, c)
		g.Expect(len(open)).To(BeNumerically("<", 5), "the queue is never full")
	}
	g.Expect(open).NotTo(BeEmpty(), "the first are connected, as far as they can tell")
	g.Expect(w.all(KindAccepted)).To(BeEmpty())
	g.Expect(s.Heal("full-backlog")).To(Succeed())
	w.wait(KindAccepted, len(open))
}

func TestSlowAccept(t *testing.T) {
	g := NewWithT(t)
	clock := newHandClock()
	s := &Server{Clock: clock}
	w, address := loopback(t, s)
	inject(t, s, Fault{Name: "slow-accept", Args: args("pause", "10s")})
	dial(t, address)
	w.wait(KindAccepted, 1)
	fmt.Fprint(dial(t, address), line(1))
	<-clock.armed
	g.Expect(w.all(KindAccepted)).To(HaveLen(1))
	clock.advance(10 * time.Second)
	w.wait(KindLine, 1)
	accepted := w.all(KindAccepted)
	g.Expect(accepted[1].Time.Sub(accepted[0].Time)).To(Equal(10 * time.Second))
}

func TestAcceptReset(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	standing := dial(t, address)
	w.wait(KindAccepted, 1)
	inject(t, s, Fault{Name: "accept-reset"})
	g.Expect(endOf(address)).To(MatchError(syscall.ECONNRESET))
	fmt.Fprint(standing, line(1))
	w.wait(KindLine, 1)
}

func TestCloseLosesTheNextWrite(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	c := dial(t, address)
	fmt.Fprint(c, line(1))
	w.wait(KindLine, 1)
	inject(t, s, Fault{Name: "close"})
	g.Expect(readEnd(c)).To(Equal(io.EOF))
	w.wait(KindClosed, 1)
	_, err := fmt.Fprint(c, line(2))
	g.Expect(err).NotTo(HaveOccurred(), "the kernel takes it, and nobody gets it")
	_, err = fmt.Fprint(c, line(3))
	for err == nil { // until the RST has come
		_, err = fmt.Fprint(c, line(3))
	}
	g.Expect(err).To(SatisfyAny(MatchError(syscall.EPIPE), MatchError(syscall.ECONNRESET)))
	g.Expect(s.Arrivals()).To(HaveLen(1))
}

func TestHalfClose(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	inject(t, s, Fault{Name: "half-close", After: 1})
	c := dial(t, address)
	fmt.Fprint(c, line(1))
	g.Expect(readEnd(c)).To(Equal(io.EOF))
	fmt.Fprint(c, line(2)) // and it reads on
	w.wait(KindLine, 2)
	g.Expect(w.all(KindClosed)).To(BeEmpty())
	c.CloseWrite()
	g.Expect(w.wait(KindClosed, 1)[0].Detail).To(HavePrefix("fin from the peer"))
}

func TestSlowRead(t *testing.T) {
	clock := newHandClock()
	s := &Server{Clock: clock}
	w, address := loopback(t, s)
	inject(t, s, Fault{Name: "slow-read", Args: args("rate", "1000")})
	c := dial(t, address)
	fmt.Fprint(c, line(1)+line(2))
	slowly(t, clock, w, 2*len(line(1)))
}

func TestBandwidth(t *testing.T) {
	clock := newHandClock()
	s := &Server{Clock: clock}
	w, address := loopback(t, s)
	inject(t, s, Fault{Name: "bandwidth", Args: args("rate", "1000")})
	fmt.Fprint(dial(t, address), line(1))
	fmt.Fprint(dial(t, address), line(2))
	slowly(t, clock, w, 2*len(line(1)))
}

// slowly steps the clock until both lines have come, and expects them to have
// taken as long as their bytes do at 1,000 a second.
func slowly(t *testing.T, clock *handClock, w *watch, bytes int) {
	began := clock.Now()
	for len(w.all(KindLine)) < 2 {
		select {
		case <-clock.armed:
			clock.step()
		case <-w.more:
		}
	}
	want := time.Duration(bytes) * time.Millisecond
	NewWithT(t).Expect(w.all(KindLine)[1].Time.Sub(began)).To(BeNumerically("~", want, 250*time.Millisecond))
}

func TestLatencyDelaysTheAnswerToAClose(t *testing.T) {
	g := NewWithT(t)
	clock := newHandClock()
	s := &Server{Clock: clock}
	w, address := loopback(t, s)
	inject(t, s, Fault{Name: "latency", Args: args("delay", "3s", "jitter", "1s")})
	c := dial(t, address)
	w.wait(KindAccepted, 1)
	began := clock.Now()
	c.CloseWrite()
	<-clock.armed
	g.Expect(w.all(KindClosed)).To(BeEmpty())
	clock.advance(4 * time.Second)
	g.Expect(readEnd(c)).To(Equal(io.EOF))
	g.Expect(w.wait(KindClosed, 1)[0].Time.Sub(began)).To(Equal(4 * time.Second))
}

func TestCutInsideAMessage(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	inject(t, s, Fault{Name: "cut", After: 1, Args: args("at", "7")})
	c := dial(t, address)
	fmt.Fprint(c, line(1))
	w.wait(KindLine, 1)
	fmt.Fprint(c, line(2))
	g.Expect(readEnd(c)).To(MatchError(syscall.ECONNRESET))
	g.Expect(w.wait(KindClosed, 1)[0].Detail).To(Equal(fmt.Sprintf("reset by fault, %d bytes read", len(line(1))+7)))
	got := s.Arrivals()
	g.Expect(got).To(HaveLen(2))
	g.Expect(got[1].Place).To(Equal(Unread))
	g.Expect(got[1].ID).To(Equal(lineID(2)), "the rest was in the kernel")
}

func TestIdleKill(t *testing.T) {
	for with, check := range map[string]func(Gomega, *net.TCPConn){
		"reset": func(g Gomega, c *net.TCPConn) { g.Expect(readEnd(c)).To(MatchError(syscall.ECONNRESET)) },
		"close": func(g Gomega, c *net.TCPConn) { g.Expect(readEnd(c)).To(Equal(io.EOF)) },
		"silence": func(g Gomega, c *net.TCPConn) {
			fmt.Fprint(c, line(2))
			c.SetReadDeadline(time.Now().Add(patience))
			g.Expect(readEnd(c)).To(MatchError(os.ErrDeadlineExceeded))
		},
	} {
		t.Run(with, func(t *testing.T) {
			g := NewWithT(t)
			clock := newHandClock()
			s := &Server{Clock: clock}
			w, address := loopback(t, s)
			inject(t, s, Fault{Name: "idle-kill", Args: args("idle", "5m", "with", with)})
			c := dial(t, address)
			w.wait(KindAccepted, 1)
			<-clock.armed
			clock.advance(4 * time.Minute)
			fmt.Fprint(c, line(1)) // not idle
			w.wait(KindLine, 1)
			<-clock.armed
			clock.advance(4 * time.Minute)
			g.Expect(w.all(KindFaultHit)).To(BeEmpty())
			clock.advance(time.Minute)
			w.wait(KindFaultHit, 1)
			check(g, c)
			g.Expect(s.Count(Parsed)).To(Equal(1))
		})
	}
}

func TestLongLineCloses(t *testing.T) {
	for name, end := range map[string]string{"whole": "\n", "unfinished": ""} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			s := &Server{}
			w, address := loopback(t, s)
			inject(t, s, Fault{Name: "long-line", Args: args("limit", "300")})
			c := dial(t, address)
			fmt.Fprint(c, line(1))
			w.wait(KindLine, 1)
			fmt.Fprint(c, strings.Repeat("x", 301)+end)
			g.Expect(readEnd(c)).To(Equal(io.EOF))
			w.wait(KindClosed, 1)
			g.Expect(s.Count(Parsed)).To(Equal(1))
		})
	}
}

func TestCrashAndRestart(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	read, unread := dial(t, address), dial(t, address)
	w.wait(KindAccepted, 2)
	inject(t, s, Fault{Name: "stall", Target: unread.LocalAddr().String()})
	w.wait(KindFaultHit, 1)
	fmt.Fprint(unread, line(1))
	inject(t, s, Fault{Name: "crash"})
	g.Expect(readEnd(read)).To(Equal(io.EOF), "the kernel ends what was read with FIN")
	g.Expect(readEnd(unread)).To(MatchError(syscall.ECONNRESET), "and what was not with RST")
	_, err := net.Dial("tcp", address)
	g.Expect(err).To(MatchError(syscall.ECONNREFUSED))
	g.Expect(s.Arrivals()[0].Place).To(Equal(Unread))
	s.HealAll()
	dial(t, address)
}

func TestMoved(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	_, port, _ := net.SplitHostPort(address)
	to := "127.0.0.2:" + port
	standing := dial(t, address)
	w.wait(KindAccepted, 1)
	inject(t, s, Fault{Name: "moved", Args: args("to", to)})
	g.Expect(readEnd(standing)).To(MatchError(syscall.ECONNRESET))
	_, err := net.Dial("tcp", address)
	g.Expect(err).To(MatchError(syscall.ECONNREFUSED))
	there := dial(t, to)
	fmt.Fprint(there, line(1))
	g.Expect(w.wait(KindLine, 1)[0].Connection).To(HaveSuffix(">" + to))
	g.Expect(s.Heal("moved")).To(Succeed())
	g.Expect(readEnd(there)).To(MatchError(syscall.ECONNRESET))
	_, err = net.Dial("tcp", to)
	g.Expect(err).To(MatchError(syscall.ECONNREFUSED))
	fmt.Fprint(dial(t, address), line(2))
	w.wait(KindLine, 2)
}

func TestMovedAndSomebodyElseHasTheAddress(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	inject(t, s, Fault{Name: "moved", Args: args("to", "127.0.0.2:0", "old", "swallow")})
	c := dial(t, address)
	fmt.Fprint(c, line(1))
	c.CloseWrite()
	g.Expect(readEnd(c)).To(Equal(io.EOF), "the client sees nothing wrong")
	w.wait(KindClosed, 1)
	g.Expect(s.Arrivals()[0].Place).To(Equal(Swallowed))
	g.Expect(s.Count(Parsed)).To(BeZero())
}

func TestMovedNeedsAnAddress(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	_, address := loopback(t, s)
	g.Expect(Fault{Name: "moved"}.Validate()).To(MatchError(ContainSubstring("expected the new address")))
	_, err := s.Inject(Fault{Name: "moved", Args: args("to", address)})
	g.Expect(err).To(MatchError(syscall.EADDRINUSE))
	g.Expect(s.Heal("moved")).To(MatchError(ContainSubstring("no fault")), "what did not take hold is not active")
	dial(t, address)
}
