package fakecas

import (
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// A quiet server tells of requests and faults, and not of each record.
func TestQuiet(t *testing.T) {
	for _, quiet := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, func(s *Server) { s.Quiet = quiet })
			w.Tenant().AddRecords(Activity, 3, Spread{Ago: time.Minute})
			w.Expect(w.do("POST", "/api/v1/activities/", `{"isScan":true,"filters":{"created":{"gte":0}}}`).status).To(Equal(200))
			synctest.Wait()
			w.Expect(w.events.all(KindRequest)).To(HaveLen(1))
			records := map[bool]int{false: 3, true: 0}[quiet]
			w.Expect(w.events.all(KindCreated)).To(HaveLen(records))
			w.Expect(w.events.all(KindServed)).To(HaveLen(records))
		})
	}
}
