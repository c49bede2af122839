package network

import (
	"context"
	"io"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func TestLatencyIsWhatThePathSays(t *testing.T) {
	inLab(t, func(l *lab) {
		for _, p := range []struct{ asked, got time.Duration }{
			{0, MinLatency},
			{time.Microsecond, MinLatency},
			{DefaultLatency, DefaultLatency},
			{time.Second, time.Second},
		} {
			l.SetPath("10.0.0.1", "10.0.0.2", Path{Latency: p.asked})
			start := time.Now()
			l.write(l.c, "x")
			_, err := l.d.Read(make([]byte, 9))
			l.Expect(err).NotTo(HaveOccurred())
			l.Expect(time.Since(start)).To(Equal(p.got))
		}
	})
}

func TestLoopbackTakesTheLeastLatency(t *testing.T) {
	inLab(t, func(l *lab) {
		for _, address := range []string{"127.0.0.1:514", "[::1]:514", "localhost:514", "10.0.0.2:514"} {
			start := time.Now()
			c, err := l.server.Dial(context.Background(), "tcp", address)
			l.Expect(err).NotTo(HaveOccurred(), address)
			l.Expect(time.Since(start)).To(Equal(2*MinLatency), address)
			c.Close()
		}
	})
}

func TestACutStallsBothWaysAndMendLosesNothing(t *testing.T) {
	inLab(t, func(l *lab) {
		l.Cut(l.server, l.agent) // in either order
		l.write(l.c, "hello")
		l.write(l.d, "there")
		l.Expect(read(l.d, 9)).To(Equal("deadline"))
		l.Expect(read(l.c, 9)).To(Equal("deadline"))
		time.Sleep(time.Minute)
		l.Mend(l.agent, l.server)
		l.Expect(read(l.d, 9)).To(Equal("hello"))
		l.Expect(read(l.c, 9)).To(Equal("there"))
	})
}

func TestMendLeavesThePathsAsTheyWere(t *testing.T) {
	inLab(t, func(l *lab) {
		l.SetPath("10.0.0.1", "10.0.0.2", Path{Drop: true})
		l.Cut(l.agent, l.server)
		l.Mend(l.agent, l.server)
		l.write(l.c, "hello")
		l.Expect(read(l.d, 9)).To(Equal("deadline"))
	})
}

func TestACutTouchesNoOtherHost(t *testing.T) {
	inLab(t, func(l *lab) {
		l.Cut(l.agent, l.spare)
		l.write(l.c, "hello")
		l.Expect(read(l.d, 9)).To(Equal("hello"))
	})
}

// The host that has an address now is meant, also by a connection to the one
// that had it before.
func TestACutFromTheNewOwnerOfAnAddress(t *testing.T) {
	inLab(t, func(l *lab) {
		l.MoveAddr("10.0.0.2", l.spare)
		l.Cut(l.agent, l.spare)
		l.write(l.c, "hello")
		l.Expect(read(l.c, 9)).To(Equal("deadline"), "nobody answers")
		l.c.SetReadDeadline(time.Time{})
		l.Mend(l.agent, l.spare)
		_, err := fails(readError(l.c))
		l.Expect(err).To(MatchError(syscall.ECONNRESET), "a stranger does, at once")
	})
}

func TestAHostWhoseCableIsPulledKeepsItsSockets(t *testing.T) {
	inLab(t, func(l *lab) {
		l.server.SetDown(true)
		l.write(l.c, "hello")
		time.Sleep(time.Minute)
		l.server.SetDown(false)
		l.Expect(read(l.d, 9)).To(Equal("hello"))
	})
}

func TestBytesUnderWayWhenThePathBreaksArriveWhenItHeals(t *testing.T) {
	inLab(t, func(l *lab) {
		l.write(l.c, "hello")
		time.Sleep(time.Millisecond) // half way
		l.Cut(l.agent, l.server)
		time.Sleep(time.Minute)
		l.Mend(l.agent, l.server)
		l.Expect(read(l.d, 9)).To(Equal("hello"))
	})
}

func TestLostAcknowledgements(t *testing.T) {
	inLab(t, func(l *lab) {
		l.SetPath("10.0.0.2", "10.0.0.1", Path{Drop: true})
		l.c.SetUserTimeout(30 * time.Second)
		l.write(l.c, "hello")
		d, err := fails(readError(l.c))
		l.Expect(d).To(Equal(30 * time.Second))
		l.Expect(err).To(MatchError(syscall.ETIMEDOUT))
		l.Expect(read(l.d, 9)).To(Equal("hello"), "it was delivered, and the sender can't know")
		n, ok := l.c.Unacked()
		l.Expect(ok).To(BeTrue())
		l.Expect(n).To(Equal(5))
	})
}

func TestKeepAliveFindsASilentPeer(t *testing.T) {
	inLab(t, func(l *lab) {
		l.Cut(l.agent, l.server)
		d, err := fails(readError(l.c))
		l.Expect(d).To(Equal(150*time.Second), "15 s idle, then 9 probes, 15 s apart")
		l.Expect(err).To(MatchError(syscall.ETIMEDOUT))
		l.Expect(l.story()).To(ContainElement("timed-out agent " + l.flow() +
			": no answer to keepalive; lost bytes: unsent=0 in-flight=0 unread=0"))
	})
}

func TestKeepAliveCanBeConfigured(t *testing.T) {
	inLab(t, func(l *lab) {
		l.Cut(l.agent, l.server)
		l.c.SetKeepAliveConfig(keepAlive(true, 60*time.Second, 10*time.Second, 3))
		d, err := fails(readError(l.c))
		l.Expect(d).To(Equal(90 * time.Second))
		l.Expect(err).To(MatchError(syscall.ETIMEDOUT))
	})
}

func TestWithoutKeepAliveASilentPeerIsNeverFound(t *testing.T) {
	inLab(t, func(l *lab) {
		l.c.SetKeepAliveConfig(keepAlive(false, -1, -1, -1))
		l.Cut(l.agent, l.server)
		l.c.SetReadDeadline(time.Now().Add(48 * time.Hour))
		d, _ := fails(readError(l.c))
		l.Expect(d).To(Equal(48 * time.Hour))
	})
}

func TestAPathThatHealsInTimeStopsKeepAlive(t *testing.T) {
	inLab(t, func(l *lab) {
		l.Cut(l.agent, l.server)
		time.Sleep(149 * time.Second)
		l.Mend(l.agent, l.server)
		time.Sleep(time.Hour)
		l.write(l.c, "hello")
		l.Expect(read(l.d, 9)).To(Equal("hello"))
	})
}

func TestUnacknowledgedBytesAreGivenUp(t *testing.T) {
	for name, x := range map[string]struct{ set, want time.Duration }{
		"after 924 s, as Linux does by default": {0, 924 * time.Second},
		"after the user timeout":                {30 * time.Second, 30 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			inLab(t, func(l *lab) {
				if x.set > 0 {
					l.c.SetUserTimeout(x.set)
				}
				l.Cut(l.agent, l.server)
				l.write(l.c, "hello")
				d, err := fails(readError(l.c))
				l.Expect(d).To(Equal(x.want))
				l.Expect(err).To(MatchError(syscall.ETIMEDOUT))
				l.Expect(l.story()).To(ContainElement("timed-out agent " + l.flow() +
					": no acknowledgement; lost bytes: unsent=0 in-flight=5 unread=0"))
			})
		})
	}
}

func TestThroughputIsTheWindowARoundTrip(t *testing.T) {
	inLab(t, func(l *lab) {
		const total = 64 << 20
		var writer sync.WaitGroup
		writer.Go(func() {
			p := make([]byte, 680)
			for n := 0; n < total; n += len(p) {
				l.c.Write(p)
			}
			l.c.CloseWrite()
		})
		start := time.Now()
		n, err := io.Copy(io.Discard, l.d)
		l.Expect(err).NotTo(HaveOccurred())
		writer.Wait()
		perSecond := float64(n) / time.Since(start).Seconds()
		l.Expect(perSecond).To(BeNumerically("~", float64(DefaultBuffer)/0.004, 500_000))
	})
}

// A pair that echoes without pause must not freeze virtual time, wherever it
// is: MinLatency is what lets time pass between two echoes.
func TestAnEchoStormDoesNotStopTime(t *testing.T) {
	for _, address := range []string{"127.0.0.1:514", "10.0.0.2:514"} {
		t.Run(address, func(t *testing.T) {
			inLab(t, func(l *lab) {
				l.SetDefaultPath(Path{})
				from := l.server
				if address == "10.0.0.2:514" {
					from = l.agent
				}
				x, err := from.Dial(context.Background(), "tcp", address)
				l.Expect(err).NotTo(HaveOccurred())
				y := l.accept()
				var echoes sync.WaitGroup
				echoes.Go(func() { io.Copy(x, x) })
				echoes.Go(func() { io.Copy(y, y) })
				y.Write(make([]byte, 1000))
				x.SetDeadline(time.Now().Add(time.Second))
				time.Sleep(2 * time.Second)
				x.Close()
				y.Close()
				echoes.Wait()
			})
		})
	}
}

// An idle network keeps no timer: otherwise a bubble in which all wait for one
// another would run on for ever instead of saying so.
func TestAnIdleNetworkKeepsNoTimer(t *testing.T) {
	inLab(t, func(l *lab) {
		l.write(l.c, "hello")
		l.Expect(read(l.d, 9)).To(Equal("hello"))
		l.d.SetReadDeadline(time.Time{})
		time.Sleep(time.Millisecond)
		synctest.Wait()
		l.Expect(l.d.readLine.timer.Stop()).To(BeFalse(), "the deadline's timer still ran")
		time.Sleep(time.Second)
		synctest.Wait()
		for _, c := range []*Conn{l.c, l.d} {
			l.Expect(c.wire.len()).To(BeZero())
			l.Expect(c.wireTimer.Stop()).To(BeFalse(), "the timer still ran")
			l.Expect(c.watch.timer).To(BeNil())
		}
	})
}

func TestAFINThatIsNotAcknowledgedIsGivenUp(t *testing.T) {
	inLab(t, func(l *lab) {
		l.Cut(l.agent, l.server)
		l.c.CloseWrite()
		d, err := fails(readError(l.c))
		l.Expect(d).To(Equal(924 * time.Second))
		l.Expect(err).To(MatchError(syscall.ETIMEDOUT))
	})
}

func TestAConnectionThatBothHaveEndedIsNotWatched(t *testing.T) {
	inLab(t, func(l *lab) {
		l.c.CloseWrite()
		l.d.CloseWrite()
		time.Sleep(time.Second)
		l.Cut(l.agent, l.server)
		l.story()
		time.Sleep(time.Hour)
		l.Expect(l.story()).To(BeEmpty())
	})
}

// An acknowledgement, or what was in flight before a RST, can still be under
// way when nobody waits for it any more.
func TestAnAddressThatMovesUnderAConnectionThatHasEnded(t *testing.T) {
	for name, end := range map[string]func(*lab){
		"closed by both": func(l *lab) {
			l.c.CloseWrite()
			time.Sleep(time.Second)
			l.write(l.d, "answer")
			l.d.CloseWrite()
			time.Sleep(2 * time.Millisecond) // the last acknowledgement is under way
		},
		"reset": func(l *lab) {
			l.write(l.c, "hello")
			abort(l.c)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inLab(t, func(l *lab) {
				end(l)
				l.story()
				l.MoveAddr("10.0.0.2", l.spare)
				time.Sleep(time.Hour)
				l.Expect(l.story()).NotTo(ContainElement(HavePrefix("reset")), "what comes back is of no account")
				l.c.Close()
				l.Expect(l.agent.conns).To(BeEmpty())
				l.Expect(l.c.wire.len()).To(BeZero())
			})
		})
	}
}

func TestARSTUnderWayWhenThePathBreaksIsLost(t *testing.T) {
	inLab(t, func(l *lab) {
		abort(l.d)
		time.Sleep(time.Millisecond)
		l.Cut(l.agent, l.server)
		time.Sleep(time.Second)
		l.Mend(l.agent, l.server)
		l.Expect(read(l.c, 9)).To(Equal("deadline"))
	})
}

func TestAPeerThatGaveUpWithAFullBufferAnswersWithRST(t *testing.T) {
	inLab(t, func(l *lab) {
		fill(l.c)
		time.Sleep(time.Second)
		l.d.SetUserTimeout(10 * time.Second)
		l.c.SetUserTimeout(time.Hour)
		l.Cut(l.agent, l.server)
		l.write(l.d, "x")
		time.Sleep(time.Minute)
		l.Mend(l.agent, l.server)
		d, err := fails(readError(l.c))
		l.Expect(err).To(MatchError(syscall.ECONNRESET))
		l.Expect(d).To(BeZero())
	})
}
