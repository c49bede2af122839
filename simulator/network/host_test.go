package network

import (
	"context"
	"net"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func keepAlive(enable bool, idle, interval time.Duration, count int) net.KeepAliveConfig {
	return net.KeepAliveConfig{Enable: enable, Idle: idle, Interval: interval, Count: count}
}

func TestAKilledProcessThatHasReadEverythingSendsFIN(t *testing.T) {
	inLab(t, func(l *lab) {
		l.server.KillProcess()
		l.Expect(read(l.c, 9)).To(Equal("EOF"))
		l.Expect(read(l.d, 9)).To(Equal("net.ErrClosed"))
		_, err := l.dial("siem:514")
		l.Expect(err).To(MatchError(syscall.ECONNREFUSED))
	})
}

func TestAKilledProcessWithUnreadBytesSendsRST(t *testing.T) {
	inLab(t, func(l *lab) {
		l.write(l.c, "hello")
		time.Sleep(time.Second)
		l.server.KillProcess()
		l.Expect(read(l.c, 9)).To(Equal("ECONNRESET"))
		l.Expect(l.story()).To(ContainElement("reset agent " + l.flow() + ": lost bytes: unsent=0 in-flight=0 unread=5"))
	})
}

func TestKillProcessEndsAllThatWaits(t *testing.T) {
	inLab(t, func(l *lab) {
		p, err := l.server.ListenPacket(l.ctx, "udp", ":514")
		l.Expect(err).NotTo(HaveOccurred())
		l.Cut(l.server, l.agent)
		l.SetNameFault("cloud", NoAnswer)
		errs := make([]error, 5)
		var waits sync.WaitGroup
		waits.Go(func() { _, errs[0] = l.listener.Accept() })
		waits.Go(func() { _, _, errs[1] = p.ReadFrom(make([]byte, 9)) })
		waits.Go(func() { _, errs[2] = l.d.Read(make([]byte, 9)) })
		waits.Go(func() { _, errs[3] = l.server.Dial(context.Background(), "tcp", "agent:9") })
		waits.Go(func() { _, errs[4] = l.server.Lookup(context.Background(), "cloud") })
		time.Sleep(time.Second)
		l.server.KillProcess()
		waits.Wait()
		for _, err := range errs {
			l.Expect(err).To(MatchError(net.ErrClosed))
		}
	})
}

func TestTheHostOfAKilledProcessCanListenAgain(t *testing.T) {
	inLab(t, func(l *lab) {
		l.server.KillProcess()
		again, err := l.server.Listen(context.Background(), "tcp", ":514")
		l.Expect(err).NotTo(HaveOccurred())
		l.listener = again
		c, err := l.dial("siem:514")
		l.Expect(err).NotTo(HaveOccurred())
		l.write(c, "hello")
		l.Expect(read(l.accept(), 9)).To(Equal("hello"))
	})
}

func TestAfterACrashThePeerIsHalfOpenUntilTheHostIsBack(t *testing.T) {
	inLab(t, func(l *lab) {
		l.server.Crash()
		l.write(l.c, "hello")
		l.Expect(read(l.c, 9)).To(Equal("deadline"))
		time.Sleep(20 * time.Second)
		l.server.SetDown(false)
		l.c.SetReadDeadline(time.Time{})
		d, err := fails(readError(l.c))
		l.Expect(d).To(BeZero())
		l.Expect(err).To(MatchError(syscall.ECONNRESET))
		l.Expect(l.story()).To(ContainElement("reset agent " + l.flow() + ": lost bytes: unsent=0 in-flight=5 unread=0"))
	})
}

func TestAfterACrashAnIdlePeerLearnsAtItsFirstKeepAlive(t *testing.T) {
	inLab(t, func(l *lab) {
		l.write(l.c, "hello")
		time.Sleep(time.Second)
		l.server.Crash()
		l.server.SetDown(false)
		d, err := fails(readError(l.c))
		l.Expect(d).To(Equal(15 * time.Second))
		l.Expect(err).To(MatchError(syscall.ECONNRESET))
		l.Expect(l.story()).To(ContainElement("reset agent " + l.flow() + ": lost bytes: unsent=0 in-flight=0 unread=5"))
	})
}

func TestAnAddressThatMovesToAHostThatRefuses(t *testing.T) {
	inLab(t, func(l *lab) {
		l.MoveAddr("10.0.0.2", l.spare)
		_, err := l.dial("siem:514")
		l.Expect(err).To(MatchError(syscall.ECONNREFUSED))
		l.write(l.c, "hello")
		d, err := fails(readError(l.c))
		l.Expect(d).To(BeZero())
		l.Expect(err).To(MatchError(syscall.ECONNRESET))
	})
}

func TestAnAddressThatMovesUnderAnIdleConnection(t *testing.T) {
	inLab(t, func(l *lab) {
		l.MoveAddr("10.0.0.2", l.spare)
		d, err := fails(readError(l.c))
		l.Expect(d).To(Equal(15*time.Second), "the first keepalive probe is answered with a RST")
		l.Expect(err).To(MatchError(syscall.ECONNRESET))
	})
}

func TestAnAddressThatMovesToAHostWhoseRefusalIsNotHeard(t *testing.T) {
	for name, silence := range map[string]func(*lab){
		"it drops":              func(l *lab) { l.spare.SetStealth(true) },
		"the answer is dropped": func(l *lab) { l.SetPath("10.0.0.2", "10.0.0.1", Path{Drop: true}) },
	} {
		t.Run(name, func(t *testing.T) {
			inLab(t, func(l *lab) {
				silence(l)
				l.MoveAddr("10.0.0.2", l.spare)
				l.write(l.c, "hello")
				d, err := fails(readError(l.c))
				l.Expect(d).To(Equal(924 * time.Second))
				l.Expect(err).To(MatchError(syscall.ETIMEDOUT))
			})
		})
	}
}

func TestAnAddressThatNobodyHas(t *testing.T) {
	inLab(t, func(l *lab) {
		l.MoveAddr("10.0.0.2", nil)
		l.write(l.c, "hello")
		l.Expect(read(l.c, 9)).To(Equal("deadline"))
		l.MoveAddr("10.0.0.2", l.server)
		l.Expect(read(l.d, 9)).To(Equal("hello"), "it is back, and nothing was lost")
	})
}

func TestAHostWithoutAnAddressOfTheFamily(t *testing.T) {
	inLab(t, func(l *lab) {
		_, err := l.dial("[fd00::2]:514")
		l.Expect(err).To(MatchError(syscall.ENETUNREACH))
		_, err = l.agent.Dial(context.Background(), "udp", "[fd00::2]:514")
		l.Expect(err).To(MatchError(syscall.ENETUNREACH))
	})
}

func TestClientPortsAreNotUsedTwice(t *testing.T) {
	inLab(t, func(l *lab) {
		seen := map[string]bool{}
		for range 4 {
			c, err := l.dial("siem:514")
			l.Expect(err).NotTo(HaveOccurred())
			l.Expect(seen[c.LocalAddr().String()]).To(BeFalse())
			seen[c.LocalAddr().String()] = true
			l.agent.lastPort = lastPort - 1 // the same port comes up again
		}
	})
}

func TestARSTThatIsLostLeavesThePeerHalfOpen(t *testing.T) {
	inLab(t, func(l *lab) {
		l.Cut(l.agent, l.server)
		abort(l.d)
		time.Sleep(time.Second)
		l.Mend(l.agent, l.server)
		l.Expect(read(l.c, 9)).To(Equal("deadline"))
		l.write(l.c, "hello")
		l.Expect(read(l.c, 9)).To(Equal("ECONNRESET"), "what it sends is answered")
	})
}

func TestTheAnswerOfADeadEndTakesTheSamePaths(t *testing.T) {
	inLab(t, func(l *lab) {
		l.server.Crash()
		l.SetPath("10.0.0.2", "10.0.0.1", Path{Drop: true})
		l.server.SetDown(false)
		l.write(l.c, "hello")
		l.Expect(read(l.c, 9)).To(Equal("deadline"), "its RST is dropped")
	})
}

func TestADialCancelledWhileTheAnswerIsUnderWay(t *testing.T) {
	inLab(t, func(l *lab) {
		ctx, cancel := context.WithTimeout(l.ctx, 3*time.Millisecond)
		defer cancel()
		_, err := l.agent.Dial(ctx, "tcp", "siem:514")
		l.Expect(err).To(MatchError(context.DeadlineExceeded))
		d := l.accept()
		l.Expect(read(d, 9)).To(Equal("ECONNRESET"), "the server had accepted it")
		l.Expect(l.agent.conns).To(HaveLen(1), "only the first one is left")
	})
}

func TestAnEndIsForgottenWhenItHasNothingMoreToDo(t *testing.T) {
	for name, end := range map[string]func(*lab){
		"closed by both": func(l *lab) { l.c.Close(); l.d.Close() },
		"reset":          func(l *lab) { abort(l.c) },
		"crashed":        func(l *lab) { l.server.Crash(); l.agent.Crash() },
		"given up": func(l *lab) {
			l.Cut(l.agent, l.server)
			l.c.Close()
			l.d.Close()
			time.Sleep(time.Hour)
		},
	} {
		t.Run(name, func(t *testing.T) {
			inLab(t, func(l *lab) {
				end(l)
				time.Sleep(time.Second)
				synctest.Wait()
				l.Expect(l.agent.conns).To(BeEmpty())
				l.Expect(l.server.conns).To(BeEmpty())
			})
		})
	}
}

func TestAnAddressBelongsToTheHostAddedLast(t *testing.T) {
	inLab(t, func(l *lab) {
		twin := l.AddHost("twin", "10.0.0.2")
		l.Expect(twin.Name()).To(Equal("twin"))
		_, err := l.dial("siem:514")
		l.Expect(err).To(MatchError(syscall.ECONNREFUSED))
	})
}

func TestOneSocketListensOnIPv4AndIPv6(t *testing.T) {
	inLab(t, func(l *lab) {
		a := l.AddHost("a", "10.0.1.1", "fd00::1")
		b := l.AddHost("b", "10.0.1.2", "fd00::2")
		streams, err := b.Listen(l.ctx, "tcp", ":514")
		l.Expect(err).NotTo(HaveOccurred())
		packets, err := b.ListenPacket(l.ctx, "udp", ":514")
		l.Expect(err).NotTo(HaveOccurred())
		for _, to := range []string{"10.0.1.2:514", "[fd00::2]:514"} {
			c, err := a.Dial(l.ctx, "tcp", to)
			l.Expect(err).NotTo(HaveOccurred())
			d, _ := streams.Accept()
			l.Expect(d.RemoteAddr().String()).To(Equal(c.LocalAddr().String()))
			l.Expect(d.LocalAddr().String()).To(Equal(to))
			d.Close()
			c.Close()

			p, err := a.Dial(l.ctx, "udp", to)
			l.Expect(err).NotTo(HaveOccurred())
			write(p, "ping")
			buffer := make([]byte, 9)
			_, from, _ := packets.ReadFrom(buffer)
			l.Expect(from.String()).To(Equal(p.LocalAddr().String()))
			packets.WriteTo([]byte("pong"), from)
			l.Expect(read(p, 9)).To(Equal("pong"))
		}
	})
}

func TestAListenerOnAllAddressesServesOneThatMovesToItsHost(t *testing.T) {
	inLab(t, func(l *lab) {
		l.spare.Listen(l.ctx, "tcp", ":514")
		l.MoveAddr("10.0.0.2", l.spare)
		_, err := l.dial("siem:514")
		l.Expect(err).NotTo(HaveOccurred())
	})
}

func TestAnAddressThatTheSenderLoses(t *testing.T) {
	inLab(t, func(l *lab) {
		l.MoveAddr("10.0.0.1", l.spare)
		l.write(l.c, "hello")
		l.Expect(read(l.d, 9)).To(Equal("deadline"), "it is no longer the agent's to send from")
		l.MoveAddr("10.0.0.1", l.agent)
		l.Expect(read(l.d, 9)).To(Equal("hello"))
	})
}

// As Linux in LAST_ACK. It can't be timed on a loopback.
func TestARSTThatCrossesTheLastFIN(t *testing.T) {
	inLab(t, func(l *lab) {
		l.d.CloseWrite()
		time.Sleep(time.Second)
		l.c.CloseWrite()
		abort(l.d)
		time.Sleep(time.Second)
		l.Expect(write(l.c, "x")).To(Equal("ECONNRESET"))
		l.Expect(write(l.c, "x")).To(Equal("EPIPE"))
		l.Expect(read(l.c, 9)).To(Equal("EOF"))
	})
}
