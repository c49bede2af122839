package agent

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"

	. "github.com/onsi/gomega"
)

// What work brings, such as a connection, has to be given to somebody, or
// nobody would close it.
func TestWorkThatEndsWithTheLoopIsStillTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		clock := &countingClock{}
		l := newLoop(t.Context(), clock)
		var taken []string
		ended := false
		l.post(func() {
			l.beside(func(context.Context) func() { return func() { taken = append(taken, "before") } })
			l.beside(func(ctx context.Context) func() {
				<-ctx.Done()
				return func() { taken = append(taken, "after") }
			})
			synctest.Wait()
			ended = true
		})
		l.post(func() { taken = append(taken, "next in turn") })
		l.run(func() bool { return ended })
		l.close(errors.New("over"))
		g.Expect(taken).To(Equal([]string{"next in turn", "before", "after"}))
		l.beside(func(context.Context) func() { panic("nothing begins after the end") })
		synctest.Wait()
		g.Expect(clock.busy.Load()).To(BeZero())
	})
}
