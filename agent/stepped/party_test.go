package stepped

import (
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// calibrated is a party of this process.
func calibrated(t *testing.T) *Party {
	t.Helper()
	p := &Party{}
	restore, err := p.Calibrate()
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	t.Cleanup(restore)
	return p
}

// soon is how long the tests wait, in real time, for what doesn't come to rest.
const soon = 20 * time.Millisecond

func TestRestWaitsForWhatIsDeclared(t *testing.T) {
	g := NewWithT(t)
	p := calibrated(t)
	p.Busy(+1)
	g.Expect(p.Rest(soon)).To(MatchError(ContainSubstring("1 pieces of work in hand")))
	p.Busy(-1)
	g.Expect(p.Rest(time.Minute)).To(Succeed())
}

// A goroutine that computes is nobody's to declare, nor one that sleeps in a
// system call.
func TestRestWaitsForWhatIsNotDeclared(t *testing.T) {
	g := NewWithT(t)
	p := calibrated(t)
	var computed atomic.Bool
	go func() {
		for began := time.Now(); time.Since(began) < soon; {
		}
		computed.Store(true)
	}()
	g.Expect(p.Rest(time.Minute)).To(Succeed())
	g.Expect(computed.Load()).To(BeTrue())
}

func TestRestDoesNotWaitForTheSystem(t *testing.T) {
	g := NewWithT(t)
	p := calibrated(t)
	ended := make(chan struct{})
	p.AfterFunc(time.Second, func() { close(ended) })
	g.Expect(p.Rest(time.Minute)).To(Succeed(), "a timer of the party's is no work")
	g.Expect(p.Fire()).To(BeFalse(), "it is not due")
	p.Move(time.Time{}.Add(time.Second))
	g.Expect(p.Fire()).To(BeTrue())
	g.Eventually(ended).Should(BeClosed())
}

// A connection that was made and not accepted, and a datagram that was not
// read, are work of this process.
func TestRestWaitsForWhatTheKernelHas(t *testing.T) {
	g := NewWithT(t)
	p := calibrated(t)
	listener, err := p.Listen(t.Context(), "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	defer listener.Close()
	var accepted, read atomic.Int32
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			accepted.Add(1)
			c.Close()
		}
	}()
	packets, err := p.ListenPacket("127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	defer packets.Close()
	go func() {
		for {
			if _, _, err := packets.ReadFrom(make([]byte, 10)); err != nil {
				return
			}
			read.Add(1)
		}
	}()
	dial := p.Dial(netip.Addr{})
	for n := int32(1); n <= 100; n++ {
		c, err := dial(t.Context(), "tcp", listener.Addr().String())
		g.Expect(err).NotTo(HaveOccurred())
		u, err := dial(t.Context(), "udp", packets.LocalAddr().String())
		g.Expect(err).NotTo(HaveOccurred())
		u.Write([]byte("a"))
		g.Expect(p.Rest(time.Minute)).To(Succeed())
		g.Expect([]int32{accepted.Load(), read.Load()}).To(Equal([]int32{n, n}))
		c.Close()
		u.Close()
	}
}

func TestAPartysOwnClockMayBeWrong(t *testing.T) {
	g := NewWithT(t)
	now := time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)
	var p Party
	p.Begin(now, 3*time.Hour)
	p.AfterFunc(time.Second, func() {})
	g.Expect(p.Now()).To(Equal(now.Add(3 * time.Hour)))
	g.Expect(p.Next()).To(Equal(now.Add(time.Second)), "timers go by everybody's")
}
