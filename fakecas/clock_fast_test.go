package fakecas

import (
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func TestFastClockRunsFaster(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		c := &FastClock{Speed: 60}
		start := c.Now()
		var fired time.Time
		c.AfterFunc(time.Hour, func() { fired = c.Now() })
		stop := c.AfterFunc(30*time.Minute, func() { t.Error("was stopped") })
		g.Expect(stop()).To(BeTrue())
		g.Expect(stop()).To(BeFalse())
		time.Sleep(time.Minute)
		synctest.Wait()
		g.Expect(fired.Sub(start)).To(Equal(time.Hour))
	})
}

func TestFastClockAdvances(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		var c FastClock
		start := c.Now()
		var order []time.Duration
		note := func() { order = append(order, c.Now().Sub(start)) }
		c.AfterFunc(2*time.Hour, note)
		c.AfterFunc(time.Hour, func() {
			note()
			c.AfterFunc(30*time.Minute, note)
		})
		c.AfterFunc(5*time.Hour, note)
		c.Advance(4 * time.Hour)
		g.Expect(order).To(Equal([]time.Duration{time.Hour, 90 * time.Minute, 2 * time.Hour}))
		g.Expect(c.Now().Sub(start)).To(Equal(4 * time.Hour))
		time.Sleep(time.Hour)
		synctest.Wait()
		g.Expect(order).To(HaveLen(4))
	})
}
