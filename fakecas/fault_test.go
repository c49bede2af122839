package fakecas

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func TestAFaultThatCannotBeSaysWhy(t *testing.T) {
	for want, f := range map[string]Fault{
		`fault "explode": unknown; expected one of`:                         {Name: "explode"},
		`argument "colour": unknown; expected one of code, text`:            {Name: "status", Args: map[string]string{"colour": "red"}},
		`code: "200": expected a whole number from 400 to 599`:              {Name: "status", Args: map[string]string{"code": "200"}},
		`established: "perhaps": expected false or true`:                    {Name: "refuse", Args: map[string]string{"established": "perhaps"}},
		`where: "elsewhere": expected a path that begins with /, or one of`: {Name: "status", Where: "elsewhere"},
		`expected 0 or more`:                    {Name: "status", First: -1},
		`first, every and after: expected none`: {Name: "refuse", First: 2},
		`where and target: expected none`:       {Name: "refuse", Where: "alerts"},
	} {
		NewWithT(t).Expect(f.Validate()).To(MatchError(ContainSubstring(want)))
	}
	_, err := new(Server).Inject(Fault{Name: "refuse"})
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("not started")))
}

func TestFaultAsJSON(t *testing.T) {
	g := NewWithT(t)
	f := Fault{ID: "a", Name: "status", Where: "alerts", First: 2, For: 90 * time.Second, Args: map[string]string{"code": "500"}}
	raw, err := json.Marshal(f)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(raw).To(MatchJSON(`{"id":"a","name":"status","where":"alerts","first":2,"for":"1m30s","args":{"code":"500"}}`))
	var back Fault
	g.Expect(json.Unmarshal(raw, &back)).To(Succeed())
	g.Expect(back).To(Equal(f))
	g.Expect(json.Unmarshal([]byte(`{"name":"status","for":"soon"}`), &back)).To(MatchError(ContainSubstring(`for: "soon": expected a duration`)))
	g.Expect(json.Unmarshal([]byte(`{"name":"status","nth":1}`), &back)).To(MatchError(ContainSubstring(`nth`)))
}

// statuses asks n times and returns the statuses.
func (w *world) statuses(path string, n int) []int {
	var got []int
	for range n {
		got = append(got, w.do("GET", path, nil).status)
	}
	return got
}

func TestWhichRequestsAFaultHits(t *testing.T) {
	for name, c := range map[string]struct {
		fault Fault
		want  []int
	}{
		"each":          {Fault{}, []int{503, 503, 503, 503, 503, 503}},
		"the first two": {Fault{First: 2}, []int{503, 503, 200, 200, 200, 200}},
		"every third":   {Fault{Every: 3}, []int{200, 200, 503, 200, 200, 503}},
		"after two":     {Fault{After: 2}, []int{200, 200, 503, 503, 503, 503}},
		"all three":     {Fault{After: 1, Every: 2, First: 2}, []int{200, 200, 503, 200, 503, 200}},
		"elsewhere":     {Fault{Where: "alerts"}, []int{200, 200, 200, 200, 200, 200}},
		"here":          {Fault{Where: "activities", First: 1}, []int{503, 200, 200, 200, 200, 200}},
		"by path":       {Fault{Where: "/api/v1/act", First: 1}, []int{503, 200, 200, 200, 200, 200}},
		"this agent":    {Fault{Target: "drill", First: 1}, []int{503, 200, 200, 200, 200, 200}},
		"another's":     {Fault{Target: "other", First: 1}, []int{200, 200, 200, 200, 200, 200}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				c.fault.Name = "status"
				id, err := w.Inject(c.fault)
				w.Expect(err).NotTo(HaveOccurred())
				w.Expect(w.statuses("/api/v1/activities/", 6)).To(Equal(c.want))
				hits := 0
				for _, s := range c.want {
					if s == 503 {
						hits++
					}
				}
				w.Expect(w.events.all(KindFaultHit)).To(HaveLen(hits))
				for _, e := range w.events.all(KindFaultHit) {
					w.Expect(e.Record).To(Equal(id))
					w.Expect(e.Detail).To(Equal("status GET /api/v1/activities/"))
					w.Expect(e.Connection).NotTo(BeEmpty())
				}
				if c.fault.First > 0 && hits == c.fault.First {
					w.Expect(w.Faults()).To(BeEmpty(), "it healed itself")
					w.Expect(w.Heal(id)).To(MatchError(ContainSubstring("does not hold")))
				} else {
					w.Expect(w.Faults()).To(HaveLen(1))
					w.Expect(w.Heal("status")).To(Succeed())
				}
				w.Expect(w.events.all(KindFaultHealed)).To(HaveLen(1))
				w.Expect(w.statuses("/api/v1/activities/", 1)).To(Equal([]int{200}))
			})
		})
	}
}

func TestAFaultForATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Expect(w.Inject(Fault{Name: "status", For: time.Minute, Args: map[string]string{"code": "401"}})).To(Equal("f1"))
		time.Sleep(time.Minute - 1)
		w.Expect(w.statuses("/api/v1/alerts/", 1)).To(Equal([]int{401}))
		time.Sleep(time.Nanosecond)
		synctest.Wait()
		w.Expect(w.statuses("/api/v1/alerts/", 1)).To(Equal([]int{200}))
		w.Expect(w.events.of(KindFaultHealed)).To(Equal([]string{"status its time is over, hits: 1"}))
	})
}

func TestRefuse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Expect(w.statuses("/api/v1/alerts/", 1)).To(Equal([]int{200}))
		w.Expect(w.Inject(Fault{Name: "refuse"})).To(Equal("f1"))
		w.Expect(w.statuses("/api/v1/alerts/", 1)).To(Equal([]int{200}), "a connection that stands lives on")
		w.client.CloseIdleConnections()
		w.Expect(w.do("GET", "/api/v1/alerts/", nil).err).To(HaveOccurred())
		w.Expect(w.Heal("refuse")).To(Succeed())
		w.Expect(w.statuses("/api/v1/alerts/", 1)).To(Equal([]int{200}))

		w.Expect(w.Inject(Fault{Name: "refuse", Args: map[string]string{"established": "true"}})).To(Equal("f2"))
		synctest.Wait()
		w.Expect(w.do("GET", "/api/v1/alerts/", nil).err).To(HaveOccurred())
		w.Expect(w.Inject(Fault{Name: "refuse"})).To(Equal("f3"))
		w.Expect(w.Heal("f2")).To(Succeed())
		w.Expect(w.do("GET", "/api/v1/alerts/", nil).err).To(HaveOccurred(), "another one holds")
		w.HealAll()
		w.Expect(w.statuses("/api/v1/alerts/", 1)).To(Equal([]int{200}))
	})
}

// The first two connections are swallowed for good; healing is no help to them.
func TestTheFirstConnectionsFallIntoABlackHole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		_, err := w.Inject(Fault{Name: "black-hole", First: 2})
		w.Expect(err).NotTo(HaveOccurred())
		var waited []time.Duration
		for range 3 {
			w.redial()
			start := time.Now()
			ctx, cancel := context.WithTimeout(context.Background(), time.Hour)
			r, _ := http.NewRequestWithContext(ctx, "GET", w.URL()+"/api/v1/activities/", nil)
			if answer, err := w.client.Do(r); err == nil {
				answer.Body.Close()
			}
			cancel()
			waited = append(waited, time.Since(start))
		}
		w.Expect(waited).To(Equal([]time.Duration{time.Hour, time.Hour, 0}))
		w.Expect(w.events.of(KindFaultHealed)).To(Equal([]string{"black-hole had its last hit, hits: 2"}))
	})
}

func TestAllThatABlackHoleSwallowedWaitsTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		_, err := w.Inject(Fault{Name: "black-hole", First: 2})
		w.Expect(err).NotTo(HaveOccurred())
		answered := make(chan int, 2)
		ctx, cancel := context.WithCancel(context.Background())
		for range 2 {
			go func() {
				r, _ := http.NewRequestWithContext(ctx, "GET", w.URL()+"/api/v1/activities/", nil)
				if answer, err := w.client.Do(r); err == nil {
					answer.Body.Close()
					answered <- answer.StatusCode
				}
			}()
		}
		time.Sleep(time.Hour)
		w.Expect(answered).To(BeEmpty(), "the second one's coming is no help to the first")
		cancel()
		synctest.Wait()
	})
}

// A fault that nothing feels has no hit.
func TestRemovingAnAdminWithoutATokenHitsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.inject("admin-removed", "admin", "nobody@contoso.com")
		w.Expect(w.events.of(KindFaultHit)).To(BeEmpty())
		w.inject("admin-removed")
		w.Expect(w.events.of(KindFaultHit)).To(HaveLen(1))
	})
}

func TestIgnoringParametersUndoesNoOtherFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Tenant().AddActivities(3, Spread{Ago: time.Hour})
		w.inject("stalled")
		w.inject("ignore-parameters")
		w.Expect(w.ids(w.do("GET", "/api/v1/activities/?limit=1", nil))).To(BeEmpty())
		w.Expect(w.Heal("stalled")).To(Succeed())
		w.Expect(w.ids(w.do("GET", "/api/v1/activities/?limit=1", nil))).To(HaveLen(3))
	})
}
