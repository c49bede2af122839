package fakesyslog

import (
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// behind starts a proxy before a real receiver, which the test plays.
func behind(t *testing.T) (s *Server, w *watch, address string, receiver net.Listener) {
	t.Helper()
	receiver, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { receiver.Close() })
	s = &Server{Forward: receiver.Addr().String()}
	w, address = loopback(t, s)
	return s, w, address, receiver
}

func accept(t *testing.T, ln net.Listener) *net.TCPConn {
	t.Helper()
	c, err := ln.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.(*net.TCPConn)
}

func TestProxyPassesBytesAndHalfClose(t *testing.T) {
	g := NewWithT(t)
	s, w, address, receiver := behind(t)
	c := dial(t, address)
	up := accept(t, receiver)
	fmt.Fprint(c, line(1)+"nonsense\nunfinished")
	c.CloseWrite()
	got, err := io.ReadAll(up)
	g.Expect(err).NotTo(HaveOccurred(), "FIN passes as FIN")
	g.Expect(string(got)).To(Equal(line(1) + "nonsense\nunfinished"))
	g.Expect(w.all(KindClosed)).To(BeEmpty(), "and is not answered before the receiver has")
	fmt.Fprint(up, "answer")
	up.Close()
	answer, err := io.ReadAll(c)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(answer)).To(Equal("answer"))
	w.wait(KindClosed, 1)
	g.Expect(s.Count(Parsed)).To(Equal(1))
}

func TestProxyPassesTheReceiversHalfClose(t *testing.T) {
	g := NewWithT(t)
	_, w, address, receiver := behind(t)
	c := dial(t, address)
	up := accept(t, receiver)
	up.CloseWrite()
	g.Expect(readEnd(c)).To(Equal(io.EOF))
	fmt.Fprint(c, line(1))
	got := make([]byte, len(line(1)))
	_, err := io.ReadFull(up, got)
	g.Expect(err).NotTo(HaveOccurred())
	c.Close()
	g.Expect(readEnd(up)).To(Equal(io.EOF))
	w.wait(KindClosed, 1)
}

func TestProxyPassesResets(t *testing.T) {
	t.Run("of the receiver", func(t *testing.T) {
		g := NewWithT(t)
		_, w, address, receiver := behind(t)
		c := dial(t, address)
		up := accept(t, receiver)
		up.SetLinger(0)
		up.Close()
		g.Expect(readEnd(c)).To(MatchError(syscall.ECONNRESET))
		w.wait(KindClosed, 1)
	})
	t.Run("of the sender", func(t *testing.T) {
		g := NewWithT(t)
		_, w, address, receiver := behind(t)
		c := dial(t, address)
		up := accept(t, receiver)
		fmt.Fprint(c, line(1))
		w.wait(KindLine, 1)
		c.SetLinger(0)
		c.Close()
		_, err := io.ReadAll(up)
		g.Expect(err).To(MatchError(syscall.ECONNRESET))
		w.wait(KindClosed, 1)
	})
	t.Run("of a receiver that is not there", func(t *testing.T) {
		g := NewWithT(t)
		_, w, address, receiver := behind(t)
		receiver.Close()
		g.Expect(endOf(address)).To(MatchError(syscall.ECONNRESET))
		w.wait(KindClosed, 1)
		g.Expect(w.all(KindTrouble)[0].Detail).To(ContainSubstring("connection refused"))
	})
}

func TestProxyWithAFault(t *testing.T) {
	g := NewWithT(t)
	s, _, address, receiver := behind(t)
	inject(t, s, Fault{Name: "reset", After: 2})
	c := dial(t, address)
	up := accept(t, receiver)
	fmt.Fprint(c, line(1)+line(2)+line(3))
	g.Expect(readEnd(c)).To(MatchError(syscall.ECONNRESET))
	got, err := io.ReadAll(up)
	g.Expect(err).To(MatchError(syscall.ECONNRESET))
	g.Expect(line(1)+line(2)).To(HavePrefix(string(got)), "nothing after the break is passed on")
}

func TestProxyStopsWhileItWaitsForTheReceiver(t *testing.T) {
	g := NewWithT(t)
	s, _, address, receiver := behind(t)
	c := dial(t, address)
	up := accept(t, receiver)
	fmt.Fprint(c, line(1))
	c.CloseWrite()
	_, err := io.ReadAll(up)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(s.Close()).To(Succeed())
}

func TestProxyOfDatagrams(t *testing.T) {
	g := NewWithT(t)
	receiver, err := net.ListenPacket("udp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	defer receiver.Close()
	s := &Server{Forward: receiver.LocalAddr().String()}
	addr, err := s.Start("udp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	defer s.Close()
	inject(t, s, Fault{Name: "udp-drop", First: 1})
	c, err := net.Dial("udp", addr.String())
	g.Expect(err).NotTo(HaveOccurred())
	defer c.Close()
	fmt.Fprint(c, line(1))
	fmt.Fprint(c, line(2))
	buf := make([]byte, 1000)
	n, _, err := receiver.ReadFrom(buf)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(string(buf[:n])).To(Equal(line(2)))
	g.Expect(strings.Count(string(buf[:n]), "externalId")).To(Equal(1))
}

func TestProxyToAReceiverOverTLS(t *testing.T) {
	g := NewWithT(t)
	receiver := &Server{}
	w, address := secure(t, receiver)
	s := &Server{Forward: address, ForwardTLS: &tls.Config{RootCAs: receiver.CA()}}
	_, front := loopback(t, s)
	c := dial(t, front)
	fmt.Fprint(c, line(1))
	c.CloseWrite()
	g.Expect(readEnd(c)).To(Equal(io.EOF), "answered once the receiver has")
	g.Expect(w.wait(KindClosed, 1)[0].Detail).To(HavePrefix("fin from the peer, "), "with close_notify before it")
	g.Expect(receiver.Count(Parsed)).To(Equal(1))

	inject(t, receiver, Fault{Name: "reset"})
	g.Expect(endOf(front)).To(MatchError(syscall.ECONNRESET), "RST passes as RST")
}

func TestProxyDoesNotTrustAnUnknownReceiver(t *testing.T) {
	g := NewWithT(t)
	receiver := &Server{}
	_, address := secure(t, receiver)
	s := &Server{Forward: address, ForwardTLS: &tls.Config{}}
	w, front := loopback(t, s)
	g.Expect(endOf(front)).To(MatchError(syscall.ECONNRESET))
	g.Expect(w.wait(KindTrouble, 1)[0].Detail).To(ContainSubstring("unknown authority"))
}

func TestProxyDelaysBothWays(t *testing.T) {
	g := NewWithT(t)
	s, _, address, receiver := behind(t)
	inject(t, s, Fault{Name: "latency", Args: args("delay", "50ms")})
	began := time.Now()
	c := dial(t, address)
	up := accept(t, receiver)
	fmt.Fprint(c, line(1))
	c.CloseWrite()
	_, err := io.ReadAll(up)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(time.Since(began)).To(BeNumerically(">=", 50*time.Millisecond))
	up.Close()
	g.Expect(readEnd(c)).To(Equal(io.EOF))
	g.Expect(time.Since(began)).To(BeNumerically(">=", 100*time.Millisecond))
}
