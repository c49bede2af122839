package fakesyslog

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// What isn't syslog passes as well: the proxy waits for no end of a line.
func TestProxyPassesWhatIsNoLine(t *testing.T) {
	g := NewWithT(t)
	_, _, address, receiver := behind(t)
	c := dial(t, address)
	up := accept(t, receiver)
	for _, step := range []struct {
		from, to net.Conn
		bytes    string
	}{{c, up, "\x16\x03\x01 hello"}, {up, c, "\x16\x03\x03 hello yourself"}, {c, up, line(1)[:100]}, {c, up, line(1)[100:] + "a"}, {up, c, "b"}} {
		fmt.Fprint(step.from, step.bytes)
		got := make([]byte, len(step.bytes))
		_, err := io.ReadFull(step.to, got)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(string(got)).To(Equal(step.bytes))
	}
}

// The receiver behind sees as much of a message as the fault lets through.
func TestProxyBreaksInsideAMessage(t *testing.T) {
	for _, f := range []struct {
		fault string
		want  int
	}{{"cut at=10 with=close", 10}, {"close after=200 unit=bytes", 200}} {
		t.Run(f.fault, func(t *testing.T) {
			g := NewWithT(t)
			s, w, address, receiver := behind(t)
			fault, err := ParseFault(f.fault)
			g.Expect(err).NotTo(HaveOccurred())
			inject(t, s, fault)
			c := dial(t, address)
			up := accept(t, receiver)
			fmt.Fprint(c, strings.Repeat("x", 500))
			got, err := io.ReadAll(up)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(got).To(HaveLen(f.want))
			up.Close()
			w.wait(KindClosed, 1)
		})
	}
}

// A fault takes hold though the receiver behind takes nothing more.
func TestProxyBreaksWhileTheReceiverStalls(t *testing.T) {
	g := NewWithT(t)
	s, w, address, receiver := behind(t)
	c := dial(t, address)
	accept(t, receiver) // and never read
	written := make(chan error, 1)
	go func() {
		chunk := []byte(strings.Repeat("x", 1000) + "\n")
		for {
			if _, err := c.Write(chunk); err != nil {
				written <- err
				return
			}
		}
	}()
	for before := int64(-1); ; { // until nothing is taken any more
		now := s.State().Bytes
		if now == before {
			break
		}
		before = now
		time.Sleep(200 * time.Millisecond)
	}
	inject(t, s, Fault{Name: "reset"})
	select {
	case err := <-written:
		g.Expect(err).To(SatisfyAny(MatchError(syscall.ECONNRESET), MatchError(syscall.EPIPE)))
	case <-time.After(20 * time.Second):
		t.Fatal("the sender was not reset")
	}
	g.Expect(w.wait(KindClosed, 1)[0].Detail).To(HavePrefix("reset by fault"))
}

// A fault that holds the sender up, and is healed, loses nothing.
func TestProxyGoesOnWhereAFaultInterruptedIt(t *testing.T) {
	g := NewWithT(t)
	s, _, address, receiver := behind(t)
	c := dial(t, address)
	up := accept(t, receiver)
	var want strings.Builder
	for i := range 20_000 {
		want.WriteString(line(i))
	}
	go func() {
		io.WriteString(c, want.String())
		c.CloseWrite()
	}()
	for range 20 {
		inject(t, s, Fault{Name: "stall"})
		s.HealAll()
	}
	got, err := io.ReadAll(up)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(got) == want.String()).To(BeTrue(), "%d of %d bytes", len(got), want.Len())
	g.Expect(s.Count(Parsed)).To(Equal(20_000))
}

// What was swallowed at the old address is not passed on to the receiver behind.
func TestProxyPassesOnNothingThatWasSwallowed(t *testing.T) {
	g := NewWithT(t)
	s, w, address, receiver := behind(t)
	c := dial(t, address)
	up := accept(t, receiver)
	fmt.Fprint(c, line(1))
	w.wait(KindLine, 1)
	id, err := s.Inject(Fault{Name: "moved", Args: args("to", "127.0.0.1:0", "old", "swallow")})
	g.Expect(err).NotTo(HaveOccurred())
	fmt.Fprint(c, line(2)+line(3))
	w.wait(KindSwallowed, 2)
	g.Expect(s.Heal(id)).To(Succeed())
	fmt.Fprint(c, line(4))
	c.CloseWrite()
	got, err := io.ReadAll(up)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(got)).To(Equal(line(1) + line(4)))
}

// between starts a proxy whose both sides are pipes, for a bubble.
func between(t *testing.T, s *Server) (sender, receiver net.Conn) {
	t.Helper()
	p := newPipes()
	ups := make(chan net.Conn, 1)
	s.Forward = "10.0.0.10:514"
	s.Listen = func(context.Context, string, string) (net.Listener, error) { return p, nil }
	s.Dial = func(context.Context, string, string) (net.Conn, error) {
		near, far := net.Pipe()
		ups <- far
		return near, nil
	}
	if _, err := s.Start("tcp", "10.0.0.9:514"); err != nil {
		t.Fatal(err)
	}
	return p.dial(), <-ups
}

// A delay is not a bandwidth, in neither direction: what is said a second apart
// arrives a second apart, and no token of work is lost.
func TestProxyDelaysWhatComesBackAsAPipeline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		clock := &countingClock{}
		s := &Server{Clock: clock}
		sender, receiver := between(t, s)
		_, err := s.Inject(Fault{Name: "latency", Args: args("delay", "1m")})
		g.Expect(err).NotTo(HaveOccurred())
		synctest.Wait()
		g.Expect(clock.busy.Load()).To(BeZero(), "at first")
		began := time.Now()
		go func() {
			for i := range 10 {
				fmt.Fprintf(receiver, "%d", i)
				time.Sleep(time.Second)
			}
			receiver.Close()
		}()
		for i := range 10 {
			b := make([]byte, 10)
			n, err := sender.Read(b)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(string(b[:n])).To(Equal(fmt.Sprint(i)))
			g.Expect(time.Since(began)).To(Equal(time.Minute + time.Duration(i)*time.Second))
			synctest.Wait()
			g.Expect(clock.busy.Load()).To(BeZero(), "after %d", i)
		}
		sender.Close()
		g.Expect(s.Close()).To(Succeed())
		g.Expect(clock.busy.Load()).To(BeZero(), "at last")
	})
}

// A server that closes waits for no delay.
func TestProxyStopsInTheMiddleOfADelay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		s := &Server{}
		sender, receiver := between(t, s)
		_, err := s.Inject(Fault{Name: "latency", Args: args("delay", "1h")})
		g.Expect(err).NotTo(HaveOccurred())
		synctest.Wait()
		fmt.Fprint(receiver, "late")
		receiver.Close()
		time.Sleep(time.Minute)
		began := time.Now()
		g.Expect(s.Close()).To(Succeed())
		g.Expect(time.Since(began)).To(BeZero())
		sender.Close()
	})
}

// Neither a server that closes nor a fault waits for a sender that doesn't read
// what the receiver behind says.
func TestProxyEndsThoughTheSenderReadsNothing(t *testing.T) {
	for name, end := range map[string]func(*Server) error{
		"closed": (*Server).Close,
		"reset":  func(s *Server) error { _, err := s.Inject(Fault{Name: "reset"}); return err },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				s := &Server{}
				sender, receiver := between(t, s)
				fmt.Fprint(receiver, "an answer that nobody reads")
				synctest.Wait()
				g.Expect(end(s)).To(Succeed())
				synctest.Wait()
				g.Expect(s.State().Connections).To(BeZero())
				g.Expect(s.Close()).To(Succeed())
				sender.Close()
				receiver.Close()
			})
		})
	}
}
