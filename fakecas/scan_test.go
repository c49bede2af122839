package fakecas

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// members are those of a JSON object.
type members = map[string]any

// scanAll follows nextQueryFilters to the end and returns each page's ids.
func (w *world) scanAll(body members) [][]string {
	var pages [][]string
	body["isScan"] = true
	for range 1000 {
		r := w.do("POST", "/api/v1/activities/", body)
		pages = append(pages, w.ids(r))
		answer := r.json(w.WithT)
		if answer["hasNext"] == false {
			w.Expect(answer).NotTo(HaveKey("nextQueryFilters"))
			return pages
		}
		body["filters"] = answer["nextQueryFilters"]
	}
	w.Expect("a scan").To(Equal("ended"))
	return nil
}

func flat(pages [][]string) []string {
	ids := []string{}
	for _, p := range pages {
		ids = append(ids, p...)
	}
	return ids
}

// ledgerIDs are the ids of the tenant's activities in order of creation.
func (w *world) ledgerIDs() []string {
	ids := []string{}
	for e := range w.Tenant().Ledger() {
		if e.Type == Activity {
			ids = append(ids, e.ID)
		}
	}
	return ids
}

func TestScanListsEachRecordOnce(t *testing.T) {
	for name, add := range map[string]func(*Tenant){
		"none":                     func(*Tenant) {},
		"one page exactly":         func(t *Tenant) { t.AddActivities(50, Spread{Ago: time.Hour, Over: time.Hour}) },
		"one more than a page":     func(t *Tenant) { t.AddActivities(51, Spread{Ago: time.Hour, Over: time.Hour}) },
		"many pages":               func(t *Tenant) { t.AddActivities(234, Spread{Ago: time.Hour, Over: time.Hour}) },
		"one instant":              func(t *Tenant) { t.AddActivities(234, Spread{Ago: time.Hour}) },
		"one instant, whole pages": func(t *Tenant) { t.AddActivities(150, Spread{Ago: time.Hour}) },
		"instants of 7": func(t *Tenant) {
			for i := range 20 {
				t.AddActivities(7, Spread{Ago: time.Hour + time.Duration(i)*time.Second})
			}
		},
		"a large instant between small ones": func(t *Tenant) {
			t.AddActivities(40, Spread{Ago: 3 * time.Hour, Over: time.Hour})
			t.AddActivities(170, Spread{Ago: 2 * time.Hour})
			t.AddActivities(40, Spread{Ago: time.Hour, Over: time.Minute})
		},
		"late ones": func(t *Tenant) {
			t.AddActivities(70, Spread{Ago: time.Hour, Over: time.Minute, Late: 3 * time.Hour})
			t.AddActivities(70, Spread{Ago: time.Hour, Over: time.Minute})
		},
	} {
		for _, order := range []members{{}, {"sortField": "created"}, {"sortField": "date"}, {"sortField": "created", "sortDirection": "asc"}, {"sortDirection": "asc"}} {
			t.Run(fmt.Sprint(name, order), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, func(s *Server) { s.Settings.ScanLimitMin = 50 })
					add(w.Tenant())
					pages := w.scanAll(order)
					w.Expect(sorted(flat(pages))).To(Equal(sorted(w.ledgerIDs())))
					for _, p := range pages[:len(pages)-1] {
						w.Expect(p).NotTo(BeEmpty(), "progress")
						w.Expect(len(p)).To(BeNumerically("<=", 50))
					}
				})
			})
		}
	}
}

func sorted(ids []string) []string { return slices.Sorted(slices.Values(ids)) }

func TestScanGoesInOrderOfCreation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Tenant().AddActivities(1000, Spread{Ago: time.Hour, Over: time.Hour})
		w.Tenant().AddActivities(1000, Spread{Ago: 90 * time.Minute, Over: time.Hour})
		from := time.Now().Add(-100 * time.Hour).UnixMilli()
		w.Expect(flat(w.scanAll(members{"filters": members{"created": members{"gte": from}}, "limit": 600, "sortDirection": "asc"}))).To(Equal(w.ledgerIDs()))
	})
}

func TestScanWithholdsTheYoungest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Tenant().AddActivities(3, Spread{Ago: 5 * time.Second})
		w.Tenant().AddActivities(4, Spread{Ago: 5*time.Second - time.Millisecond})
		w.Expect(flat(w.scanAll(members{}))).To(HaveLen(3))
		time.Sleep(time.Millisecond)
		w.Expect(flat(w.scanAll(members{}))).To(HaveLen(7))
		w.Tenant().AddActivities(1, Spread{})
		w.Expect(w.ids(w.do("POST", "/api/v1/activities/", members{}))).To(HaveLen(8), "lists withhold nothing")
	})
}

func TestScanKeepsTheOtherFilters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Tenant().AddActivities(4000, Spread{Ago: time.Hour, Over: 50 * time.Hour})
		filters := members{"service": members{"eq": []int{10489, 14509}}, "created": members{"gte": time.Now().Add(-40 * time.Hour).UnixMilli(), "lt": time.Now().Add(-2 * time.Hour).UnixMilli()}}
		raw, _ := json.Marshal(filters)
		f, err := compile(Activity, raw, time.Now())
		w.Expect(err).NotTo(HaveOccurred())
		var want []string
		table := w.Tenant().snapshot(Activity)
		for _, place := range table.byCreated {
			r := table.record(place)
			if f.created.has(r.created) && f.match(&r) {
				want = append(want, string(r.appendID(nil)))
			}
		}
		w.Expect(len(want)).To(BeNumerically(">", 300))
		w.Expect(flat(w.scanAll(members{"filters": filters, "sortDirection": "asc"}))).To(Equal(want))
	})
}

// What a filter of times says beyond where a page ended still holds on the
// pages after it.
func TestScanKeepsTheRestOfATimeFilter(t *testing.T) {
	for name, filter := range map[string]func(ago func(time.Duration) int64) members{
		"two ranges": func(ago func(time.Duration) int64) members {
			return members{"range": []members{{"start": ago(9 * time.Hour), "end": ago(7 * time.Hour)}, {"start": ago(3 * time.Hour), "end": ago(time.Hour)}}}
		},
		"not an instant": func(ago func(time.Duration) int64) members {
			return members{"neq": ago(5 * time.Hour), "gte": ago(9 * time.Hour)}
		},
		"days": func(func(time.Duration) int64) members { return members{"gte_ndays": 1, "lte_ndays": 0} },
	} {
		for _, direction := range []string{"asc", "desc"} {
			t.Run(name+" "+direction, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t, func(s *Server) { s.Settings.ScanLimitMin = 50 })
					w.Tenant().AddActivities(1001, Spread{Over: 10 * time.Hour})
					w.Tenant().AddActivities(100, Spread{Ago: 30 * time.Hour})
					time.Sleep(time.Minute)
					now := time.Now().Add(-time.Minute)
					filters := members{"created": filter(func(d time.Duration) int64 { return now.Add(-d).UnixMilli() })}
					raw, _ := json.Marshal(filters)
					f, err := compile(Activity, raw, time.Now())
					w.Expect(err).NotTo(HaveOccurred())
					table := w.Tenant().snapshot(Activity)
					all := list(&table, &query{limit: 5000, sortField: "created", sortDirection: direction}, f)
					w.Expect(all.total).To(BeNumerically(">", 390))
					w.Expect(all.total).To(BeNumerically("<", 1101))
					var want []string
					for _, place := range all.places {
						r := table.record(place)
						want = append(want, string(r.appendID(nil)))
					}
					w.Expect(flat(w.scanAll(members{"filters": filters, "sortDirection": direction}))).To(Equal(want))
				})
			})
		}
	}
}

func TestScanIsNotDisturbedByWhatComesMeanwhile(t *testing.T) {
	for _, direction := range []string{"asc", "desc"} {
		t.Run(direction, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.Tenant().AddActivities(1200, Spread{Ago: time.Minute, Over: time.Minute})
				before := w.ledgerIDs()
				body := members{"isScan": true, "sortField": "created", "sortDirection": direction}
				var seen []string
				for {
					r := w.do("POST", "/api/v1/activities/", body)
					seen = append(seen, w.ids(r)...)
					w.Tenant().AddActivities(3, Spread{})
					time.Sleep(10 * time.Second)
					if r.json(w.WithT)["hasNext"] == false {
						break
					}
					body["filters"] = r.json(w.WithT)["nextQueryFilters"]
				}
				if direction == "desc" {
					slices.Reverse(before)
					w.Expect(seen).To(Equal(before), "what came later is newer than where the scan is")
					return
				}
				w.Expect(seen).To(Equal(w.ledgerIDs()[:len(seen)]))
				w.Expect(len(seen)).To(BeNumerically(">=", 1200))
			})
		})
	}
}

// A published collector gives a range, names no order, and takes nothing of
// nextQueryFilters but date.lte; another takes date.gte and date.lte. So a
// scan goes newest first when it isn't told, and says both.
func TestScanGoesOnByTheLatestDateAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Tenant().AddActivities(2000, Spread{Ago: time.Hour, Over: 10 * time.Minute})
		now := time.Now()
		period := members{"start": now.Add(-24 * time.Hour).UnixMilli(), "end": now.UnixMilli()}
		date := members{"range": period}
		var seen []string
		for more := true; more; {
			r := w.do("POST", "/api/v1/activities/", members{"isScan": true, "filters": members{"date": date}})
			seen = append(seen, w.ids(r)...)
			w.Expect(len(seen)).To(BeNumerically("<=", 2000), "progress")
			answer := r.json(w.WithT)
			if more = answer["hasNext"].(bool); more {
				next := answer["nextQueryFilters"].(members)["date"].(members)
				w.Expect(next).To(HaveKeyWithValue("gte", BeEquivalentTo(period["start"])))
				date["lte"] = next["lte"]
			}
		}
		want := w.ledgerIDs()
		slices.Reverse(want)
		w.Expect(seen).To(Equal(want))
	})
}

// A public client reads a scan's total, which it calls an estimate.
func TestScanEstimatesItsTotal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		total := func(filters members) any {
			return w.do("POST", "/api/v1/activities/", members{"isScan": true, "filters": filters}).json(w.WithT)["total"]
		}
		w.Expect(total(nil)).To(BeEquivalentTo(0))
		w.Tenant().AddActivities(1200, Spread{Ago: time.Hour, Over: time.Hour})
		w.Expect(total(nil)).To(BeEquivalentTo(1200))
		w.Expect(total(members{"date": members{"gte": time.Now().Add(-90 * time.Minute).UnixMilli()}})).To(BeEquivalentTo(600))
		w.Expect(total(members{"service": members{"eq": 1}})).To(BeEquivalentTo(0), "exact on the last page")
	})
}

func TestScanLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Tenant().AddActivities(6000, Spread{Ago: time.Minute, Over: time.Hour})
		for limit, want := range map[int]int{0: 500, 1: 500, 499: 500, 700: 700, 5000: 5000, 9000: 5000} {
			w.Expect(w.ids(w.do("POST", "/api/v1/activities/", members{"isScan": true, "limit": limit}))).To(HaveLen(want))
		}
		w.Expect(w.do("POST", "/api/v1/alerts/", members{"isScan": true}).status).To(Equal(400))
	})
}
