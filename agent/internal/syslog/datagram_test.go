package syslog

import (
	"bytes"
	"net"
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/agent/internal/dial"
)

// A line that no datagram holds is cut rather than lost without a word.
func TestALineLongerThanADatagramIsCut(t *testing.T) {
	g := NewWithT(t)
	receiver, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	g.Expect(err).NotTo(HaveOccurred())
	defer receiver.Close()
	receiver.SetReadDeadline(time.Now().Add(10 * time.Second))
	for _, maxSize := range []int{0, 100_000} {
		sink := &Sink{
			Transport: UDP, Host: "127.0.0.1", Port: receiver.LocalAddr().(*net.UDPAddr).Port, MaxSize: maxSize,
			Clock: systemClock{}, Dialer: dial.Dialer{Clock: systemClock{}},
		}
		c, err := sink.Dial(t.Context())
		g.Expect(err).NotTo(HaveOccurred())
		defer c.Close()
		line := bytes.Repeat([]byte("é"), 40_000)
		g.Expect(c.Send(line)).To(Succeed())
		got := make([]byte, 1<<16)
		n, err := receiver.Read(got)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(got[:n]).To(Equal(line[:65506]), "at the start of a character")
	}
}

// narrow is a connection of a system that sends no more than 9,000 bytes at once.
type narrow struct {
	net.Conn
	sent []byte
}

func (c *narrow) Write(b []byte) (int, error) {
	if len(b) > 9000 {
		return 0, &net.OpError{Op: "write", Net: "udp", Err: syscall.EMSGSIZE}
	}
	c.sent = append(c.sent, b...)
	return len(b), nil
}

func TestALineIsCutToWhatTheSystemSends(t *testing.T) {
	g := NewWithT(t)
	here, _ := net.Pipe()
	conn := &narrow{Conn: here}
	sink := sinkTo(conn)
	sink.Transport = UDP
	c, err := sink.Dial(t.Context())
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(c.Send(bytes.Repeat([]byte("x"), 30_000))).To(Succeed())
	g.Expect(conn.sent).To(HaveLen(7500))
}
