package fakesyslog

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// line is the nth documented-looking line of an activity.
func line(n int) string {
	return strings.Replace(goodLine, "externalId=1_a", fmt.Sprintf("externalId=%s", lineID(n)), 1) + "\n"
}

func lineID(n int) string {
	return fmt.Sprintf("1677791402022_5be018ee-f676-4473-a9b5-%012x", n)
}

// watch collects events and lets a test wait for one.
type watch struct {
	mu     sync.Mutex
	events []Event
	more   chan struct{}
}

func newWatch() *watch { return &watch{more: make(chan struct{}, 1)} }

func (w *watch) hook(e Event) {
	w.mu.Lock()
	w.events = append(w.events, e)
	w.mu.Unlock()
	select {
	case w.more <- struct{}{}:
	default:
	}
}

func (w *watch) all(kind string) []Event {
	w.mu.Lock()
	defer w.mu.Unlock()
	var some []Event
	for _, e := range w.events {
		if e.Kind == kind {
			some = append(some, e)
		}
	}
	return some
}

// wait blocks until n events of a kind have come.
func (w *watch) wait(kind string, n int) []Event {
	for {
		if got := w.all(kind); len(got) >= n {
			return got
		}
		<-w.more
	}
}

// loopback starts a server on the kernel's loopback.
func loopback(t *testing.T, s *Server) (*watch, string) {
	t.Helper()
	w := newWatch()
	s.Hook = w.hook
	addr, err := s.Start("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return w, addr.String()
}

func dial(t *testing.T, address string) *net.TCPConn {
	t.Helper()
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.(*net.TCPConn)
}

func TestTheZeroServerBooksWhatItReads(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	c := dial(t, address)
	fmt.Fprint(c, line(1)+"nonsense\n"+line(2)[:100]+"\n"+line(3)[:170])
	g.Expect(c.CloseWrite()).To(Succeed())
	_, err := c.Read(make([]byte, 1))
	g.Expect(err).To(Equal(io.EOF), "the receiver closes its side when everything was read")
	w.wait(KindClosed, 1)

	label := c.LocalAddr().String() + ">" + address
	first := int64(len(line(1)))
	var got []Entry
	for _, e := range s.Arrivals() {
		g.Expect(e.Time).To(BeTemporally("~", time.Now(), time.Minute))
		e.Time = time.Time{}
		got = append(got, e)
	}
	g.Expect(got).To(Equal([]Entry{
		{lineID(1), Parsed, label, 0, time.Time{}},
		{"", Rejected, label, first, time.Time{}},
		{"", Rejected, label, first + 9, time.Time{}}, // cut inside the id, which may have gone on
		{lineID(3), Truncated, label, first + 9 + 101, time.Time{}},
	}))
	g.Expect(s.Count(Parsed)).To(Equal(1))
	g.Expect(s.Lines()[:2]).To(Equal([]string{strings.TrimSuffix(line(1), "\n"), "nonsense"}))
	g.Expect(w.all(KindLine)[0].Detail).To(Equal("offset=0"))
	g.Expect(w.all(KindRejected)[0].Detail).To(HavePrefix(fmt.Sprintf("offset=%d: at byte 0: no time", first)))
	g.Expect(w.all(KindClosed)[0].Detail).To(Equal(fmt.Sprintf("fin from the peer, %d bytes read", first+9+101+170)))
	g.Expect(w.all(KindClosed)[0].Connection).To(Equal(label))
}

func TestRefuse(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	standing := dial(t, address)
	w.wait(KindAccepted, 1)

	id, err := s.Inject(Fault{Name: "refuse"})
	g.Expect(err).NotTo(HaveOccurred())
	_, err = net.Dial("tcp", address)
	g.Expect(err).To(MatchError(syscall.ECONNREFUSED))
	fmt.Fprint(standing, line(1))
	w.wait(KindLine, 1) // a standing connection lives on
	g.Expect(w.all(KindFaultHit)).To(HaveLen(1))
	g.Expect(w.all(KindFaultHit)[0].Connection).To(Equal(">" + address))

	g.Expect(s.Heal(id)).To(Succeed())
	fmt.Fprint(dial(t, address), line(2))
	w.wait(KindLine, 2)
	g.Expect(w.all(KindFaultHealed)[0].Detail).To(Equal("refuse: hit 1, healed"))
	g.Expect(s.Heal(id)).To(MatchError(ContainSubstring("no fault with the id or name")))
}

func TestRefuseEstablishedToo(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	standing := dial(t, address)
	w.wait(KindAccepted, 1)
	_, err := s.Inject(Fault{Name: "refuse", Args: map[string]string{"established": "true"}})
	g.Expect(err).NotTo(HaveOccurred())
	_, err = standing.Read(make([]byte, 1))
	g.Expect(err).To(MatchError(syscall.ECONNRESET))
}

func TestRefuseAfterConnections(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	_, err := s.Inject(Fault{Name: "refuse", After: 2})
	g.Expect(err).NotTo(HaveOccurred())
	dial(t, address)
	dial(t, address)
	w.wait(KindFaultHit, 1)
	_, err = net.Dial("tcp", address)
	g.Expect(err).To(MatchError(syscall.ECONNREFUSED))
}

func TestResetAfterMessages(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	_, err := s.Inject(Fault{Name: "reset", After: 3})
	g.Expect(err).NotTo(HaveOccurred())
	c := dial(t, address)
	fmt.Fprint(c, line(1)+line(2)+line(3)+line(4)+line(5))
	_, err = c.Read(make([]byte, 1))
	g.Expect(err).To(MatchError(syscall.ECONNRESET))
	closed := w.wait(KindClosed, 1)
	g.Expect(closed[0].Detail).To(HavePrefix("reset by fault, "))
	g.Expect(w.all(KindLine)).To(HaveLen(3))
	g.Expect(w.all(KindFaultHit)[0].Detail).To(Equal(fmt.Sprintf("reset at byte %d", 3*len(line(1)))))
	for i, e := range s.Arrivals() {
		g.Expect(e.ID).To(Equal(lineID(i + 1)))
		g.Expect(e.Offset).To(Equal(int64(i * len(line(1)))))
		if i >= 3 {
			g.Expect(e.Place).To(Equal(Unread))
		}
	}
}

func TestResetAfterBytes(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	_, err := s.Inject(Fault{Name: "reset", After: len(line(1)) + 10, Args: map[string]string{"unit": "bytes"}})
	g.Expect(err).NotTo(HaveOccurred())
	c := dial(t, address)
	fmt.Fprint(c, line(1)+line(2))
	_, err = c.Read(make([]byte, 1))
	g.Expect(err).To(MatchError(syscall.ECONNRESET))
	g.Expect(w.wait(KindClosed, 1)[0].Detail).To(Equal(fmt.Sprintf("reset by fault, %d bytes read", len(line(1))+10)))
	g.Expect(s.Count(Parsed)).To(Equal(1))
}

func TestResetAtOnceReachesStandingConnections(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	c := dial(t, address)
	w.wait(KindAccepted, 1)
	_, err := s.Inject(Fault{Name: "reset"})
	g.Expect(err).NotTo(HaveOccurred())
	_, err = c.Read(make([]byte, 1))
	g.Expect(err).To(MatchError(syscall.ECONNRESET))
}

// endOf dials and says how the connection ends. A reset that comes at once may
// already fail the dial.
func endOf(address string) error {
	c, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer c.Close()
	c.(*net.TCPConn).CloseWrite()
	_, err = c.Read(make([]byte, 1))
	return err
}

func TestFirstEveryAndTarget(t *testing.T) {
	broken := func(t *testing.T, f Fault) (hits []int) {
		s := &Server{}
		_, address := loopback(t, s)
		_, err := s.Inject(f)
		NewWithT(t).Expect(err).NotTo(HaveOccurred())
		for n := 1; n <= 5; n++ {
			if errors.Is(endOf(address), syscall.ECONNRESET) {
				hits = append(hits, n)
			}
		}
		return hits
	}
	for _, c := range []struct {
		name string
		f    Fault
		want []int
	}{
		{"all", Fault{}, []int{1, 2, 3, 4, 5}},
		{"the first two", Fault{First: 2}, []int{1, 2}},
		{"every second", Fault{Every: 2}, []int{2, 4}},
		{"the first of every second", Fault{Every: 2, First: 1}, []int{2}},
		{"this client", Fault{Target: "127.0.0.1", First: 1}, []int{1}},
		{"another client", Fault{Target: "127.0.0.2"}, nil},
		{"this network", Fault{Where: "tcp", First: 1}, []int{1}},
		{"another listener", Fault{Where: "udp"}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.f.Name = "reset"
			NewWithT(t).Expect(broken(t, c.f)).To(Equal(c.want))
		})
	}
}

func TestStallClosesTheWindowAndHealReadsOn(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	c := dial(t, address)
	fmt.Fprint(c, line(1))
	w.wait(KindLine, 1)
	_, err := s.Inject(Fault{Name: "stall"})
	g.Expect(err).NotTo(HaveOccurred())
	w.wait(KindFaultHit, 1)
	c.SetWriteBuffer(4096)
	// The kernel's receive buffer grows up to 6 MiB: far more is never taken.
	const more = 100_000
	done := make(chan error, 1)
	go func() {
		b := bufio.NewWriter(c)
		for n := 2; n <= more; n++ {
			b.WriteString(line(n))
		}
		done <- b.Flush()
	}()
	g.Expect(s.Count(Parsed)).To(Equal(1))
	g.Expect(s.Heal("stall")).To(Succeed())
	g.Expect(<-done).To(Succeed())
	w.wait(KindLine, more)
	g.Expect(s.Count(Parsed)).To(Equal(more))
}

func TestAResetAfterAStallBooksTheUnread(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	w, address := loopback(t, s)
	c := dial(t, address)
	w.wait(KindAccepted, 1)
	_, err := s.Inject(Fault{Name: "stall"})
	g.Expect(err).NotTo(HaveOccurred())
	w.wait(KindFaultHit, 1)
	fmt.Fprint(c, line(1)+line(2)+line(3)[:170])
	_, err = s.Inject(Fault{Name: "reset"})
	g.Expect(err).NotTo(HaveOccurred())
	w.wait(KindClosed, 1)
	g.Expect(s.Count(Parsed)).To(BeZero())
	ids := []string{}
	for _, e := range s.Arrivals() {
		g.Expect(e.Place).To(Equal(Unread))
		ids = append(ids, e.ID)
	}
	g.Expect(ids).To(Equal([]string{lineID(1), lineID(2), lineID(3)}))
	g.Expect(w.all(KindUnread)).To(HaveLen(3))
}

// pipes is a listener in memory, for bubbles.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

type pipeAddr string

func (pipeAddr) Network() string  { return "tcp" }
func (a pipeAddr) String() string { return string(a) }

func newPipes() *pipes { return &pipes{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return pipeAddr("10.0.0.9:514") }

func (p *pipes) dial() net.Conn {
	client, server := net.Pipe()
	p.conns <- server
	return client
}

func TestAFaultHealsByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		p, w := newPipes(), newWatch()
		s := &Server{Hook: w.hook}
		s.Listen = func(_ context.Context, _, _ string) (net.Listener, error) { return p, nil }
		_, err := s.Start("tcp", "10.0.0.9:514")
		g.Expect(err).NotTo(HaveOccurred())
		defer s.Close()
		c := p.dial()
		defer c.Close()
		_, err = s.Inject(Fault{Name: "stall", For: time.Hour})
		g.Expect(err).NotTo(HaveOccurred())
		began := time.Now()
		_, err = fmt.Fprint(c, line(1))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(time.Since(began)).To(Equal(time.Hour))
		synctest.Wait()
		g.Expect(s.Count(Parsed)).To(Equal(1))
		g.Expect(w.all(KindFaultHealed)[0].Detail).To(Equal("stall: hit 1, healed after 1h0m0s"))
	})
}

func TestAnAddressThatIsTakenMeanwhileIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		w := newWatch()
		s := &Server{Hook: w.hook}
		var taken atomic.Bool
		s.Listen = func(_ context.Context, _, _ string) (net.Listener, error) {
			if taken.Load() {
				return nil, syscall.EADDRINUSE
			}
			return newPipes(), nil
		}
		_, err := s.Start("tcp", "10.0.0.9:514")
		g.Expect(err).NotTo(HaveOccurred())
		defer s.Close()
		_, err = s.Inject(Fault{Name: "refuse"})
		g.Expect(err).NotTo(HaveOccurred())
		taken.Store(true)
		g.Expect(s.Heal("refuse")).To(MatchError(syscall.EADDRINUSE))
		g.Expect(w.all(KindListenFailed)).To(HaveLen(1))
		taken.Store(false)
		time.Sleep(listenPause)
		synctest.Wait()
		g.Expect(w.all(KindListening)).To(HaveLen(2))
	})
}

func TestBadFaultsSayWhatWasExpected(t *testing.T) {
	for _, c := range []struct {
		f    Fault
		want string
	}{
		{Fault{Name: "explode"}, `unknown fault "explode", expected one of `},
		{Fault{Name: "refuse", Args: map[string]string{"established": "maybe"}}, `argument established is "maybe", expected true or false`},
		{Fault{Name: "refuse", Args: map[string]string{"colour": "red"}}, `unknown argument colour, expected established`},
		{Fault{Name: "refuse", First: 1}, "first and every choose connections"},
		{Fault{Name: "refuse", Target: "10.0.0.1"}, `target is "10.0.0.1", expected none or all`},
		{Fault{Name: "reset", After: -1}, "after is -1, expected 0 or more"},
		{Fault{Name: "reset", For: -1}, "for is -1ns"},
		{Fault{Name: "reset", Args: map[string]string{"unit": "lines"}}, `argument unit is "lines", expected one of messages, bytes`},
	} {
		g := NewWithT(t)
		g.Expect(c.f.Validate()).To(MatchError(ContainSubstring(c.want)))
		g.Expect(c.f.Validate().Error()).NotTo(ContainSubstring("\n"))
		_, err := (&Server{}).Inject(c.f)
		g.Expect(err).To(MatchError(ContainSubstring(c.want)))
	}
}

func TestAFaultAsJSON(t *testing.T) {
	g := NewWithT(t)
	f := Fault{ID: "a", Name: "reset", Target: "all", Where: "tcp", First: 1, Every: 2, After: 3, For: 90 * time.Second, Seed: 4,
		Args: map[string]string{"unit": "bytes"}}
	b, err := json.Marshal(f)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(b)).To(Equal(`{"id":"a","name":"reset","target":"all","where":"tcp","first":1,"every":2,"after":3,"for":"1m30s","seed":4,"args":{"unit":"bytes"}}`))
	var back Fault
	g.Expect(json.Unmarshal(b, &back)).To(Succeed())
	g.Expect(back).To(Equal(f))
	g.Expect(json.Unmarshal([]byte(`{"name":"reset","for":"soon"}`), &back)).To(MatchError(ContainSubstring(`for is "soon", expected a duration`)))
}

func TestAFaultThatCanNotTakeHoldIsNotActive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		s := &Server{}
		s.Listen = func(_ context.Context, _, _ string) (net.Listener, error) { return newPipes(), nil }
		_, err := s.Start("tcp", "10.0.0.9:514")
		g.Expect(err).NotTo(HaveOccurred())
		defer s.Close()
		_, err = s.Inject(Fault{Name: "black-hole"})
		g.Expect(err).To(MatchError(ContainSubstring("fault black-hole: *fakesyslog.pipes is no socket of the kernel")))
		g.Expect(s.Faults()).To(BeEmpty())
	})
}
