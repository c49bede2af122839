package network

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func TestAConnectionsLife(t *testing.T) {
	inLab(t, func(l *lab) {
		l.c.Close()
		synctest.Wait()
		time.Sleep(time.Second)
		l.Expect(l.story()).To(Equal([]string{"connected agent " + l.flow()}), "one end is closed")
		l.d.Close()
		time.Sleep(time.Second)
		l.Expect(l.story()).To(Equal([]string{"closed agent " + l.flow()}))
	})
}

func TestEventsBearTheTimeOfHappening(t *testing.T) {
	inLab(t, func(l *lab) {
		start := time.Now()
		l.agent.Dial(l.ctx, "tcp", "siem:9")
		last := l.events[len(l.events)-1]
		l.Expect(last.Kind).To(Equal(Refused))
		l.Expect(last.Time).To(Equal(start.Add(2*time.Millisecond)), "when the SYN arrived")
		l.Expect(last.Detail).To(Equal("by server"))
		l.Expect(last.Connection).To(MatchRegexp(`^10\.0\.0\.1:\d+>10\.0\.0\.2:9$`))
	})
}

func TestASYNThatVanishesIsToldOnceATry(t *testing.T) {
	inLab(t, func(l *lab) {
		l.Cut(l.agent, l.server)
		l.events = nil
		d, err := fails(func() error { _, err := l.dial("siem:514"); return err })
		l.Expect(err).To(MatchError(syscall.ETIMEDOUT))
		l.Expect(d).To(Equal(127 * time.Second))
		l.Expect(l.events).To(HaveLen(7))
		for _, e := range l.events {
			l.Expect(e.Kind).To(Equal(Unanswered))
			l.Expect(e.Connection).To(Equal(l.events[0].Connection))
		}
	})
}

func TestWhereASYNVanishes(t *testing.T) {
	for where, sever := range map[string]func(*lab){
		"the SYN was dropped on its way":    func(l *lab) { l.SetPath("10.0.0.1", "10.0.0.2", Path{Drop: true}) },
		"the answer was dropped on its way": func(l *lab) { l.SetPath("10.0.0.2", "10.0.0.1", Path{Drop: true}) },
		"dropped at server": func(l *lab) {
			l.server.SetStealth(true)
			l.listener.Close()
		},
		"the backlog is full at server": func(l *lab) {
			l.listener.(*Listener).SetBacklog(0)
			_, err := l.dial("siem:514")
			l.Expect(err).NotTo(HaveOccurred())
		},
	} {
		t.Run(where, func(t *testing.T) {
			inLab(t, func(l *lab) {
				sever(l)
				l.story()
				ctx, cancel := context.WithTimeout(l.ctx, 500*time.Millisecond)
				defer cancel()
				_, err := l.agent.Dial(ctx, "tcp", "siem:514")
				l.Expect(err).To(MatchError(context.DeadlineExceeded))
				l.Expect(l.story()).To(HaveExactElements(
					And(HavePrefix("unanswered agent 10.0.0.1:"), HaveSuffix(">10.0.0.2:514: "+where))))
			})
		})
	}
}

func TestAResetSaysWhichBytesAreLost(t *testing.T) {
	for name, x := range map[string]struct {
		play func(*lab)
		lost string
	}{
		"none": {func(l *lab) { abort(l.d) },
			"unsent=0 in-flight=0 unread=0"},
		"unread by the server's program": {func(l *lab) {
			l.write(l.c, "hello")
			time.Sleep(time.Second)
			read(l.d, 2)
			abort(l.d)
		}, "unsent=0 in-flight=0 unread=3"},
		"in flight when the server resets": {func(l *lab) {
			l.write(l.c, "hello")
			abort(l.d)
		}, "unsent=0 in-flight=5 unread=0"},
		"sent while the RST is under way": {func(l *lab) {
			abort(l.d)
			time.Sleep(time.Millisecond)
			l.write(l.c, "hello")
		}, "unsent=0 in-flight=5 unread=0"},
		"all three": {func(l *lab) {
			l.d.SetReadBuffer(1000)
			l.c.Write(make([]byte, 1500))
			time.Sleep(time.Second)
			l.d.Read(make([]byte, 300)) // which lets 300 more be sent
			abort(l.d)
		}, "unsent=200 in-flight=300 unread=700"},
		"unsent by a client that resets; the server can still read the rest": {func(l *lab) {
			l.d.SetReadBuffer(1000)
			l.c.Write(make([]byte, 1500))
			time.Sleep(time.Second)
			abort(l.c)
		}, "unsent=500 in-flight=0 unread=0"},
		"of the answer": {func(l *lab) {
			l.write(l.d, "answer")
			time.Sleep(time.Second)
			l.c.Close()
		}, "unsent=0 in-flight=0 unread=0; on the way back: unsent=0 in-flight=0 unread=6"},
	} {
		t.Run(name, func(t *testing.T) {
			inLab(t, func(l *lab) {
				l.story()
				x.play(l)
				time.Sleep(time.Second)
				l.Expect(l.story()).To(Equal([]string{"reset agent " + l.flow() + ": lost bytes: " + x.lost}))
			})
		})
	}
}

func TestALostDatagramSaysWhere(t *testing.T) {
	for where, sever := range map[string]func(*lab){
		"on its way":          func(l *lab) { l.Cut(l.agent, l.server) },
		"no socket at server": func(*lab) {},
		"dropped at server":   func(l *lab) { l.server.SetStealth(true) },
		"by a fault":          func(l *lab) { l.DatagramFault = dropAll },
		"the socket is connected to another, at server": func(l *lab) {
			l.server.lastPort = 40000
			c, _ := l.server.Dial(l.ctx, "udp", "spare:1")
			l.Expect(c.LocalAddr().String()).To(Equal("10.0.0.2:40001"))
		},
		"the receive buffer is full at server": func(l *lab) {
			p, _ := l.server.ListenPacket(l.ctx, "udp", ":40001")
			p.(*PacketConn).SetReadBuffer(3)
		},
	} {
		t.Run(where, func(t *testing.T) {
			inLab(t, func(l *lab) {
				sever(l)
				l.story()
				c, err := l.agent.Dial(l.ctx, "udp", "siem:40001")
				l.Expect(err).NotTo(HaveOccurred())
				_, err = c.Write([]byte("hello"))
				l.Expect(err).NotTo(HaveOccurred(), "the sender never knows")
				time.Sleep(time.Second)
				l.Expect(l.story()).To(Equal([]string{
					fmt.Sprintf("datagram-lost agent %v>10.0.0.2:40001: %s", c.LocalAddr(), where)}))
			})
		})
	}
}

func dropAll(_, _ netip.AddrPort, _ []byte) []time.Duration { return nil }

func TestDatagramFaultsDropDuplicateAndReorder(t *testing.T) {
	inLab(t, func(l *lab) {
		l.DatagramFault = func(_, _ netip.AddrPort, b []byte) []time.Duration {
			return map[string][]time.Duration{"drop": nil, "twice": {0, 0}, "late": {time.Second}, "plain": {0}}[string(b)]
		}
		p, err := l.server.ListenPacket(l.ctx, "udp", ":514")
		l.Expect(err).NotTo(HaveOccurred())
		c, err := l.agent.Dial(l.ctx, "udp", "siem:514")
		l.Expect(err).NotTo(HaveOccurred())
		for _, s := range []string{"drop", "late", "twice", "plain"} {
			c.Write([]byte(s))
		}
		time.Sleep(2 * time.Second)
		var got []string
		for range 4 {
			got = append(got, readFrom(p, 9))
		}
		l.Expect(strings.Join(got, " ")).To(Equal("twice twice plain late"))
	})
}

func TestDatagramsOfOneInstantKeepTheirOrder(t *testing.T) {
	inLab(t, func(l *lab) {
		p, _ := l.server.ListenPacket(l.ctx, "udp", ":514")
		c, _ := l.agent.Dial(l.ctx, "udp", "siem:514")
		for i := range 1000 {
			fmt.Fprint(c, i)
		}
		for i := range 1000 {
			l.Expect(readFrom(p, 9)).To(Equal(fmt.Sprint(i)))
		}
	})
}

// The hook runs without the network's lock, so it may use the network, and
// what happens meanwhile is told afterwards, in order.
func TestAHookMayUseTheNetwork(t *testing.T) {
	inLab(t, func(l *lab) {
		note := l.Hook
		l.Hook = func(e Event) {
			note(e)
			if e.Kind == Refused {
				l.agent.Lookup(l.ctx, "unknown")
				note(Event{Kind: "hook ends"})
			}
		}
		l.story()
		_, err := l.dial("siem:9")
		l.Expect(err).To(MatchError(syscall.ECONNREFUSED))
		l.Expect(l.story()).To(HaveExactElements(HavePrefix("refused"), HavePrefix("hook ends"), HavePrefix("name-failed")))
	})
}

func TestAHookIsCalledByOneGoroutineAtATime(t *testing.T) {
	inLab(t, func(l *lab) {
		inside, most := 0, 0
		l.Hook = func(Event) {
			inside++
			most = max(most, inside)
			time.Sleep(time.Millisecond)
			inside--
		}
		var dials sync.WaitGroup
		for range 20 {
			dials.Go(func() { l.dial("siem:9") })
		}
		dials.Wait()
		time.Sleep(time.Second)
		l.Expect(most).To(Equal(1))
	})
}
