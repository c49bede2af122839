package main

import (
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func TestTheSteppedClockWaitsForWorkInHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		c := newSteppedClock()
		began := c.Now()
		var fired []time.Duration
		c.Busy(1)
		c.AfterFunc(2*time.Minute, func() {
			fired = append(fired, c.Now().Sub(began))
			c.Busy(1) // work that goes on in another goroutine
		})
		done := false
		go func() {
			c.advance(time.Hour)
			done = true
		}()
		synctest.Wait()
		g.Expect(c.Now()).To(Equal(began), "work is in hand")
		c.AfterFunc(time.Minute, func() { fired = append(fired, c.Now().Sub(began)) })
		c.Busy(-1)
		synctest.Wait()
		g.Expect(fired).To(Equal([]time.Duration{time.Minute, 2 * time.Minute}), "what the work armed goes first")
		g.Expect(done).To(BeFalse())
		c.AfterFunc(time.Minute, func() { fired = append(fired, c.Now().Sub(began)) })
		c.Busy(-1)
		synctest.Wait()
		g.Expect(fired).To(HaveLen(3))
		g.Expect(fired[2]).To(Equal(3*time.Minute), "a timer that the first one's work armed is not late")
		g.Expect(done).To(BeTrue())
		g.Expect(c.Now()).To(Equal(began.Add(time.Hour)))
	})
}

func TestAStoppedTimerDoesNotFire(t *testing.T) {
	g := NewWithT(t)
	c := newSteppedClock()
	stop := c.AfterFunc(time.Minute, func() { t.Error("it fired") })
	g.Expect(stop()).To(BeTrue())
	g.Expect(stop()).To(BeFalse())
	g.Expect(c.advance(time.Hour)).To(Succeed())
}
