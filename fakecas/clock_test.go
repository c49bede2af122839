package fakecas

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// countingClock is the system's, and keeps count of the work in hand.
type countingClock struct {
	systemClock
	busy atomic.Int64
	most atomic.Int64
}

func (c *countingClock) Busy(n int) {
	if v := c.busy.Add(int64(n)); v > c.most.Load() {
		c.most.Store(v)
	}
}

// A stepped clock waits for work, and not for what waits for it.
func TestBusyIsBalanced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := &countingClock{}
		w := newWorld(t, func(s *Server) { s.Clock = clock })
		w.Tenant().AddActivities(700, Spread{Ago: time.Minute})
		w.scanPage()
		w.contact()
		w.do("POST", "/api/v1/activities/", "{")
		synctest.Wait()
		w.Expect(clock.busy.Load()).To(BeZero())
		w.Expect(clock.most.Load()).To(Equal(int64(1)))

		w.inject("slow", "delay", "10m")
		ctx, cancel := context.WithCancel(context.Background())
		ended := make(chan error)
		go func() {
			r, _ := http.NewRequestWithContext(ctx, "GET", w.URL()+"/api/v1/alerts/", nil)
			r.Header.Set("Authorization", "Token "+w.token)
			_, err := w.client.Do(r)
			ended <- err
		}()
		synctest.Wait()
		w.Expect(clock.busy.Load()).To(BeZero(), "it waits for the clock")
		cancel()
		w.Expect(<-ended).To(MatchError(context.Canceled))
		synctest.Wait()
		w.Expect(clock.busy.Load()).To(BeZero())

		w.Expect(w.scanPage().status).To(Equal(200))
		w.HealAll()
		w.inject("slow-body", "rate", "100000")
		w.scanPage()
		w.HealAll()
		w.inject("truncated")
		w.scanPage()
		synctest.Wait()
		w.Expect(clock.busy.Load()).To(BeZero())
	})
}

// Everything that the service says of time is the Clock's.
func TestTheClocksTimeIsEverywhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clock := &FastClock{}
		w := newWorld(t, func(s *Server) { s.Clock = clock })
		w.client.Transport.(*http.Transport).TLSClientConfig.Time = clock.Now
		clock.Advance(5 * 365 * 24 * time.Hour)
		r := w.contact()
		date := clock.Now().UTC().Format(http.TimeFormat)
		w.Expect(r.header.Get("Date")).To(Equal(date))
		for _, path := range []string{"/healthz", "/v1/none", "/agents"} {
			w.Expect(w.control("GET", path, "").header.Get("Date")).To(Equal(date), path)
		}
		w.Expect(r.json(w.WithT)["now"]).To(HavePrefix("2004-12-30"))
		id := w.Tenant().AddActivities(1, Spread{})[0]
		w.Expect(w.do("GET", "/api/v1/activities/"+id, nil).json(w.WithT)["created"]).To(BeEquivalentTo(clock.Now().UnixMilli()))
		for _, e := range w.events.all(KindContact) {
			w.Expect(e.Time).To(BeTemporally("==", clock.Now()))
		}
	})
}

// Close ends what waits, wherever the handler is served.
func TestCloseEndsWhatWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.inject("slow", "delay", "1000h")
		ended := make(chan response)
		go func() { ended <- w.do("GET", "/api/v1/alerts/", nil) }()
		synctest.Wait()
		start := time.Now()
		w.Expect(w.Close()).To(Succeed())
		w.Expect((<-ended).err).To(HaveOccurred())
		w.Expect(time.Since(start)).To(BeZero())
		w.Expect(w.Close()).To(Succeed(), "twice is fine")
	})
}
