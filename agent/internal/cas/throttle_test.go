package cas

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func TestNoMinuteHasMoreRequestsThanAllowed(t *testing.T) {
	bubble(t, func(g *WithT) {
		throttle := NewThrottle(30, nil)
		var sent []time.Time
		for range 100 {
			if len(sent) == 40 {
				time.Sleep(10 * time.Minute) // a pause saves nothing up
			}
			g.Expect(throttle.Wait(context.Background())).To(Succeed())
			sent = append(sent, time.Now())
			if n := len(sent); n > 30 {
				g.Expect(sent[n-1].Sub(sent[n-31])).To(BeNumerically(">", time.Minute))
			}
		}
		g.Expect(sent[39].Sub(sent[0])).To(BeNumerically("<", 80*time.Second), "and hardly fewer")
	})
}

func TestWithoutARateNothingWaits(t *testing.T) {
	bubble(t, func(g *WithT) {
		start := time.Now()
		for _, throttle := range []*Throttle{nil, NewThrottle(0, nil)} {
			for range 1000 {
				g.Expect(throttle.Wait(context.Background())).To(Succeed())
			}
		}
		g.Expect(time.Since(start)).To(BeZero())
	})
}

func TestAnEndedContextEndsTheWait(t *testing.T) {
	bubble(t, func(g *WithT) {
		throttle := NewThrottle(1, nil)
		g.Expect(throttle.Wait(context.Background())).To(Succeed())
		gone := errors.New("gone")
		ctx, cancel := context.WithCancelCause(context.Background())
		time.AfterFunc(time.Second, func() { cancel(gone) })
		start := time.Now()
		g.Expect(throttle.Wait(ctx)).To(MatchError(gone))
		g.Expect(time.Since(start)).To(Equal(time.Second))
		g.Expect(throttle.Wait(context.Background())).To(Succeed())
		g.Expect(time.Since(start)).To(BeNumerically("~", time.Minute, time.Second), "the turn was given back")
	})
}

func TestAThrottledRequestKeepsAllBack(t *testing.T) {
	for _, test := range []struct {
		name, retryAfter string
		wait             time.Duration
	}{{"as long as said", "25", 25 * time.Second}, {"a minute when nothing is said", "", time.Minute}} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(g *WithT) {
				s := &service{before: func(w http.ResponseWriter, n int) bool {
					if n == 1 {
						w.Header().Set("Retry-After", test.retryAfter)
						w.WriteHeader(http.StatusTooManyRequests)
						io.WriteString(w, "{}")
					}
					return n == 1
				}}
				c := s.client()
				c.Throttle = NewThrottle(30, nil)
				start := time.Now()
				var waiting sync.WaitGroup
				waiting.Go(func() { // has its turn already when the answer comes
					time.Sleep(time.Second)
					_, err := c.Next(context.Background(), Alert, Cursor{}, nil)
					g.Expect(err).NotTo(HaveOccurred())
					g.Expect(time.Since(start)).To(BeNumerically(">=", test.wait))
				})
				_, err := c.Next(context.Background(), Activity, Cursor{}, nil)
				g.Expect(err).To(HaveOccurred())
				synctest.Wait()
				_, err = c.Next(context.Background(), Activity, Cursor{}, nil)
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(time.Since(start)).To(BeNumerically(">=", test.wait))
				waiting.Wait()
			})
		})
	}
}

func TestAPauseThatBeginsDuringAWaitHolds(t *testing.T) {
	bubble(t, func(g *WithT) {
		throttle := NewThrottle(30, nil)
		g.Expect(throttle.Wait(context.Background())).To(Succeed())
		start := time.Now()
		time.AfterFunc(time.Second, func() { throttle.Pause(time.Minute) })
		g.Expect(throttle.Wait(context.Background())).To(Succeed())
		g.Expect(time.Since(start)).To(BeNumerically(">=", 61*time.Second))
	})
}
