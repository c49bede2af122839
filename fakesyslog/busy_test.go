package fakesyslog

import (
	"context"
	"fmt"
	"net"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// countingClock is the bubble's clock with a count of the work in hand.
type countingClock struct {
	systemClock
	busy atomic.Int64
}

func (c *countingClock) Busy(n int) { c.busy.Add(int64(n)) }

// TestNothingIsBusyWhenEverythingWaits: a stepped clock may move on exactly
// when the count is zero, so a token that is lost would stop it for ever, and
// one that is missing would let it run ahead.
func TestNothingIsBusyWhenEverythingWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		clock := &countingClock{}
		s := &Server{Clock: clock}
		var p *pipes
		s.Listen = func(_ context.Context, _, _ string) (net.Listener, error) {
			p = newPipes()
			return p, nil
		}
		idle := func(when string) {
			t.Helper()
			synctest.Wait()
			g.Expect(clock.busy.Load()).To(BeZero(), when)
		}
		_, err := s.Start("tcp", "10.0.0.9:514")
		g.Expect(err).NotTo(HaveOccurred())
		idle("listening")
		c := p.dial()
		idle("connected")
		fmt.Fprint(c, line(1))
		idle("after a line")
		for _, f := range []string{"stall", "stall for=1h", "latency delay=1m", "slow-read rate=100", "bandwidth rate=100", "idle-kill idle=2h with=reset",
			"slow-accept pause=1h", "long-line limit=1000", "half-close", "cut after=1000"} {
			fault, err := ParseFault(f)
			g.Expect(err).NotTo(HaveOccurred())
			id, err := s.Inject(fault)
			g.Expect(err).NotTo(HaveOccurred())
			idle(f + ": injected")
			go fmt.Fprint(c, line(2)) // may be held up
			idle(f + ": written")
			time.Sleep(time.Hour)
			idle(f + ": an hour later")
			s.Heal(id) // or it has healed by itself
			idle(f + ": healed")
		}
		g.Expect(s.Count(Parsed)).To(Equal(11))
		_, err = s.Inject(Fault{Name: "refuse", For: time.Minute, Args: args("established", "true")})
		g.Expect(err).NotTo(HaveOccurred())
		idle("refused and reset")
		time.Sleep(time.Hour)
		idle("listening again")
		d := p.dial()
		idle("connected again")
		g.Expect(s.Close()).To(Succeed())
		idle("closed")
		c.Close()
		d.Close()
	})
}
