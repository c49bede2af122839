package simulator

import (
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func TestAPausedClocksTimersWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		c := &ownClock{ahead: time.Hour}
		g.Expect(c.Now()).To(Equal(time.Now().Add(time.Hour)))
		var fired []string
		note := func(what string) func() { return func() { fired = append(fired, what) } }
		c.AfterFunc(time.Second, note("before"))
		time.Sleep(2 * time.Second)
		c.pause()
		stopped := c.AfterFunc(time.Second, note("stopped"))
		c.AfterFunc(2*time.Second, func() {
			note("first")()
			c.AfterFunc(0, note("third")) // it is due now, which is later
		})
		c.AfterFunc(3*time.Second, note("second"))
		time.Sleep(time.Hour)
		synctest.Wait()
		g.Expect(fired).To(Equal([]string{"before"}))
		g.Expect(stopped()).To(BeTrue())
		g.Expect(stopped()).To(BeFalse())
		c.resume()
		synctest.Wait()
		g.Expect(fired).To(Equal([]string{"before", "first", "second", "third"}))
		c.AfterFunc(time.Second, note("after"))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		g.Expect(fired).To(HaveLen(5))
	})
}
