package network

import (
	"syscall"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestASilentListenerDoesNotAnswer(t *testing.T) {
	inLab(t, func(l *lab) {
		l.Expect(l.listener.(*Listener).Silence(true)).To(Succeed())
		took, err := fails(func() error { _, err := l.dial("siem:514"); return err })
		l.Expect(err).To(MatchError(syscall.ETIMEDOUT))
		l.Expect(took).To(Equal(127 * time.Second))
		l.write(l.c, "hello") // what stood before lives on
		l.Expect(read(l.d, 9)).To(Equal("hello"))

		l.Expect(l.listener.(*Listener).Silence(false)).To(Succeed())
		_, err = l.dial("siem:514")
		l.Expect(err).NotTo(HaveOccurred())
	})
}

func TestASilentConnectionDropsWhatComesUntilItNoLongerIs(t *testing.T) {
	inLab(t, func(l *lab) {
		l.Expect(l.d.Silence(true)).To(Succeed())
		l.write(l.c, "hello")
		l.write(l.d, "still there") // what it sends goes out
		l.Expect(read(l.c, 20)).To(Equal("still there"))
		time.Sleep(time.Minute)
		n, _ := l.c.Unacked()
		l.Expect(n).To(Equal(len("hello")))

		l.Expect(l.d.Silence(false)).To(Succeed()) // TCP sent it again meanwhile
		l.Expect(read(l.d, 9)).To(Equal("hello"))
	})
}

func TestASilentPacketSocketDropsDatagrams(t *testing.T) {
	inLab(t, func(l *lab) {
		p, err := l.server.ListenPacket(l.ctx, "udp", ":514")
		l.Expect(err).NotTo(HaveOccurred())
		c, err := l.agent.Dial(l.ctx, "udp", "siem:514")
		l.Expect(err).NotTo(HaveOccurred())
		l.Expect(p.(*PacketConn).Silence(true)).To(Succeed())
		_, err = c.Write([]byte("lost"))
		l.Expect(err).NotTo(HaveOccurred())
		time.Sleep(time.Second)
		l.Expect(p.(*PacketConn).Silence(false)).To(Succeed())
		_, err = c.Write([]byte("heard"))
		l.Expect(err).NotTo(HaveOccurred())
		b := make([]byte, 9)
		n, _, err := p.ReadFrom(b)
		l.Expect(err).NotTo(HaveOccurred())
		l.Expect(string(b[:n])).To(Equal("heard"))
	})
}
