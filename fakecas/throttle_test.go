package fakecas

import (
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func documented(s *Server) { s.Settings.RequestsPerMinute = 0 }

func TestThirtyRequestsInAnyMinute(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, documented)
		start := time.Now()
		for range 30 {
			w.Expect(w.do("GET", "/api/v1/activities/", nil).status).To(Equal(200))
			time.Sleep(time.Second)
		}
		r := w.do("POST", "/api/v1/alerts/", nil)
		w.Expect(r.status).To(Equal(429))
		w.Expect(r.header.Get("Retry-After")).To(Equal("30"))
		w.Expect(r.detail(w.WithT)).To(Equal("Request was throttled. Expected available in 30 seconds."))
		w.Expect(w.contact().status).To(Equal(200), "console requests don't count")

		time.Sleep(time.Until(start.Add(time.Minute)))
		w.Expect(w.do("GET", "/api/v1/activities/", nil).status).To(Equal(200))
		w.Expect(w.do("GET", "/api/v1/activities/", nil).status).To(Equal(429), "only the oldest has left the minute")
		w.Expect(w.events.of(KindThrottled)).To(HaveLen(2))
	})
}

func TestOneRequestEveryTwoSecondsIsNeverThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, documented)
		for range 200 {
			w.Expect(w.do("GET", "/api/v1/activities/", nil).status).To(Equal(200))
			time.Sleep(2 * time.Second)
		}
	})
}

func TestTheJudgeSeesWhoComesBackTooEarly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, documented)
		for range 31 {
			w.do("GET", "/api/v1/activities/", nil)
		}
		w.Expect(w.events.of(KindCameBackTooEarly)).To(BeEmpty())
		time.Sleep(59 * time.Second)
		w.do("GET", "/api/v1/activities/", nil)
		w.Expect(w.events.of(KindCameBackTooEarly)).To(Equal([]string{"GET /api/v1/activities/, by 1s"}))
		time.Sleep(time.Second)
		w.Expect(w.do("GET", "/api/v1/activities/", nil).status).To(Equal(200))
		w.Expect(w.events.of(KindCameBackTooEarly)).To(HaveLen(1))
	})
}

func TestShapesOfAThrottledAnswer(t *testing.T) {
	for shape, want := range map[ThrottleShape]struct {
		status     int
		retryAfter string
	}{
		ThrottleDocumented: {429, "42"},
		ThrottleBare:       {429, ""},
		ThrottleText:       {400, ""},
	} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, documented, func(s *Server) { s.Settings.RequestsPerMinute, s.Settings.ThrottleShape = 1, shape })
			check := func(path string) {
				r := w.do("GET", path, nil)
				w.Expect(r.status).To(Equal(want.status))
				w.Expect(r.header.Get("Retry-After")).To(Equal(want.retryAfter))
				w.Expect(r.detail(w.WithT)).To(Equal("Request was throttled. Expected available in 42 seconds."))
			}
			w.do("GET", "/api/v1/activities/", nil)
			time.Sleep(18*time.Second + time.Millisecond)
			check("/api/v1/activities/")

			_, err := w.Inject(Fault{Name: "throttle", First: 1, Args: map[string]string{"shape": string(shape), "wait": "42s"}})
			w.Expect(err).NotTo(HaveOccurred())
			time.Sleep(time.Hour)
			check("/api/v1/alerts/")
			w.Expect(w.events.of(KindThrottled)).To(HaveLen(2))
			time.Sleep(41 * time.Second)
			w.do("GET", "/api/v1/alerts/", nil)
			w.Expect(w.events.of(KindCameBackTooEarly)).To(HaveLen(1))
		})
	}
}
