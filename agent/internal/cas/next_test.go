package cas

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// bubble runs f with virtual time.
func bubble(t *testing.T, f func(g *WithT)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(NewWithT(t)) })
}

// both runs f for activities and for alerts.
func both(t *testing.T, f func(g *WithT, list Type)) {
	for _, list := range []Type{Activity, Alert} {
		t.Run(string(list), func(t *testing.T) { bubble(t, func(g *WithT) { f(g, list) }) })
	}
}

// drain reads from cur until there is no more.
func drain(c *Client, list Type, cur Cursor) (got []string, after Cursor, err error) {
	for {
		page, err := c.Next(context.Background(), list, cur, nil)
		if err != nil {
			return got, cur, err
		}
		got, cur = append(got, idsOf(page.Records)...), page.After
		if !page.More {
			return got, cur, nil
		}
	}
}

func TestAFirstContactReadsTheLastTwoDays(t *testing.T) {
	both(t, func(g *WithT, list Type) {
		s := &service{}
		now := time.Now()
		s.add(now.Add(-48*time.Hour-time.Millisecond), 0, "too old")
		s.add(now.Add(-48*time.Hour), 0, "oldest")
		s.add(now.Add(-time.Hour), 0, "newer")
		got, _, err := drain(s.client(), list, Cursor{})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(got).To(Equal([]string{"oldest", "newer"}))
	})
}

func TestARecordAfterAnEmptyFirstContactIsRead(t *testing.T) {
	both(t, func(g *WithT, list Type) {
		s := &service{}
		got, cur, err := drain(s.client(), list, Cursor{})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(got).To(BeEmpty())
		g.Expect(cur.IsZero()).To(BeFalse())
		time.Sleep(72 * time.Hour)
		s.add(time.Now().Add(-71*time.Hour), 0, "while nobody looked")
		got, _, err = drain(s.client(), list, stored(cur))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(got).To(Equal([]string{"while nobody looked"}))
	})
}

func TestTheQuestionsAreTheDocumentedOnes(t *testing.T) {
	bubble(t, func(g *WithT) {
		s := &service{}
		c := s.client()
		filters := json.RawMessage(`{"service":{"eq":[11161]},"created":{"lt":9}}`)
		_, err := c.Next(context.Background(), Activity, StartAt(time.UnixMilli(5)), filters)
		g.Expect(err).NotTo(HaveOccurred())
		q := s.last()
		g.Expect(q.path).To(Equal("/api/v1/activities/"))
		g.Expect(q.header.Get("Authorization")).To(Equal("Token SECRET"))
		g.Expect(q.Filters).To(MatchJSON(`{"service":{"eq":[11161]},"created":{"lt":9,"gte":5}}`))
		q.Filters = nil
		g.Expect(q.request).To(Equal(request{IsScan: true, SortField: "created", SortDirection: "asc", Limit: 500}))

		_, err = c.Next(context.Background(), Alert, StartAt(time.UnixMilli(5)), json.RawMessage(`{"date":{"gte":7}}`))
		g.Expect(err).NotTo(HaveOccurred())
		q = s.last()
		g.Expect(q.path).To(Equal("/api/v1/alerts/"))
		g.Expect(q.Filters).To(MatchJSON(`{"date":{"gte":7}}`), "a later floor of the portal stands")
		q.Filters = nil
		g.Expect(q.request).To(Equal(request{SortField: "date", SortDirection: "asc", Limit: 100}))
	})
}

func TestFiltersThatAreNoneAreNamed(t *testing.T) {
	bubble(t, func(g *WithT) {
		c := (&service{}).client()
		_, err := c.Next(context.Background(), Activity, Cursor{}, json.RawMessage(`[1]`))
		g.Expect(err).To(MatchError(ContainSubstring("activities: the portal's filters are not a JSON object")))
		_, err = c.Next(context.Background(), Activity, Cursor{}, json.RawMessage(`{"created":3}`))
		g.Expect(err).To(MatchError(ContainSubstring(`the portal's filter "created" is not an object`)))
	})
}

func TestFiltersThatAreNullAreNone(t *testing.T) {
	both(t, func(g *WithT, list Type) {
		s := &service{}
		for _, filters := range []string{"null", `{"created":null,"date":null}`} {
			_, err := s.client().Next(context.Background(), list, StartAt(time.UnixMilli(5)), json.RawMessage(filters))
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(string(s.last().Filters)).To(ContainSubstring(`{"gte":5}`))
		}
	})
}

// Of activities a cursor remembers two pages, of alerts 500.
func TestAPageTellsWhatIsLeftOfTheLookBack(t *testing.T) {
	for name, c := range map[string]struct {
		records int
		within  time.Duration
		ago     time.Duration
		left    map[Type]time.Duration
	}{
		"few":            {400, time.Minute, time.Second, map[Type]time.Duration{}},
		"many, long ago": {3000, time.Minute, 2 * time.Hour, map[Type]time.Duration{}},
		"many":           {2000, 2000 * time.Millisecond, time.Second, map[Type]time.Duration{Activity: 2 * time.Second, Alert: 1500 * time.Millisecond}},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(g *WithT, list Type) {
				s := &service{}
				oldest := time.Now().Add(-c.ago - c.within)
				for i := range c.records {
					s.add(oldest.Add(time.Duration(i)*c.within/time.Duration(c.records)), 0, fmt.Sprint("r", i))
				}
				client, cur, left := s.client(), StartAt(oldest), time.Duration(0)
				for more := true; more; {
					page, err := client.Next(context.Background(), list, cur, nil)
					g.Expect(err).NotTo(HaveOccurred())
					cur, more = page.After, page.More
					if page.LookBackLeft > 0 {
						left = page.LookBackLeft
					}
				}
				g.Expect(left).To(Equal(c.left[list]))
			})
		})
	}
}

func TestATieLargerThanAPageIsReadWhole(t *testing.T) {
	for _, restarts := range []bool{false, true} {
		t.Run(fmt.Sprint("restarts ", restarts), func(t *testing.T) {
			both(t, func(g *WithT, list Type) {
				s := &service{}
				at := time.Now().Add(-time.Hour)
				s.add(at.Add(-time.Second), 0, "before")
				s.add(at, 0, ids("tie", 1700)...)
				s.add(at.Add(time.Second), 0, "after")
				c, cur := s.client(), Cursor{}
				var got []string
				for more := true; more; {
					page, err := c.Next(context.Background(), list, cur, nil)
					g.Expect(err).NotTo(HaveOccurred())
					got, cur, more = append(got, idsOf(page.Records)...), page.After, page.More
					if restarts {
						cur = stored(cur)
					}
				}
				want := append([]string{"before", "after"}, ids("tie", 1700)...)
				g.Expect(sorted(got)).To(Equal(sorted(want)))
				g.Expect(got[0]).To(Equal("before"))
				g.Expect(got[len(got)-1]).To(Equal("after"))
			})
		})
	}
}

func TestRecordsOfAPageAreAscending(t *testing.T) {
	bubble(t, func(g *WithT) {
		s := &service{before: func(w http.ResponseWriter, _ int) bool {
			io.WriteString(w, `{"data":[{"_id":"b","created":9},{"_id":"a","created":9},{"_id":"c","created":8},{"_id":"a","created":9}],"hasNext":false}`)
			return true
		}}
		got, _, err := drain(s.client(), Activity, StartAt(time.UnixMilli(1)))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(got).To(Equal([]string{"c", "a", "b"}), "and repeated ones are there once")
	})
}

func TestTheSameCursorGivesTheSameRecordsAgain(t *testing.T) {
	both(t, func(g *WithT, list Type) {
		s := &service{}
		s.add(time.Now().Add(-time.Hour), 0, ids("a", 700)...)
		c := s.client()
		first, err := c.Next(context.Background(), list, Cursor{}, nil)
		g.Expect(err).NotTo(HaveOccurred())
		one, err := c.Next(context.Background(), list, first.After, nil)
		g.Expect(err).NotTo(HaveOccurred())
		other, err := c.Next(context.Background(), list, first.After, nil)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(idsOf(other.Records)).To(Equal(idsOf(one.Records)))
	})
}

func TestALatecomerWithinTheLookBackIsRead(t *testing.T) {
	for _, test := range []struct {
		list     Type
		lookBack time.Duration
	}{{Activity, DefaultLookBack}, {Alert, DefaultAlertLookBack}} {
		t.Run(string(test.list), func(t *testing.T) {
			bubble(t, func(g *WithT) {
				s := &service{}
				c := s.client()
				start := time.Now()
				s.add(start, test.lookBack, "just in time")
				s.add(start.Add(time.Second), 0, "newer")
				time.Sleep(time.Second)
				got, cur, err := drain(c, test.list, Cursor{})
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(got).To(Equal([]string{"newer"}))
				time.Sleep(test.lookBack - time.Second)
				got, cur, err = drain(c, test.list, stored(cur))
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(got).To(Equal([]string{"just in time"}))
				got, _, err = drain(c, test.list, stored(cur))
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(got).To(BeEmpty())
			})
		})
	}
}

func TestAClockThatIsAheadLosesNoLatecomer(t *testing.T) {
	bubble(t, func(g *WithT) {
		s := &service{}
		s.before = func(w http.ResponseWriter, _ int) bool {
			w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
			return false
		}
		c := s.client()
		c.Clock = aheadClock{}
		s.add(time.Now(), 2*time.Second, "late")
		s.add(time.Now().Add(time.Second), 0, "newer")
		time.Sleep(time.Second)
		got, cur, err := drain(c, Activity, Cursor{})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(got).To(Equal([]string{"newer"}))
		time.Sleep(time.Second)
		got, _, err = drain(c, Activity, cur)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(got).To(Equal([]string{"late"}))
	})
}

type aheadClock struct{ systemClock }

func (aheadClock) Now() time.Time { return time.Now().Add(time.Hour) }

func TestAnIdleListWritesNoNewCheckpoint(t *testing.T) {
	both(t, func(g *WithT, list Type) {
		s := &service{}
		s.add(time.Now(), 0, "one")
		c := s.client()
		time.Sleep(2 * time.Hour)
		_, cur, err := drain(c, list, Cursor{})
		g.Expect(err).NotTo(HaveOccurred())
		time.Sleep(30 * time.Second)
		_, again, err := drain(c, list, cur)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(again).To(Equal(cur))
		g.Expect(again.Seen).To(HaveLen(1))
	})
}

// The guarantee of Next against a service that lists late, in ties larger than
// a page, for a reader that is killed again and again.
func TestEveryRecordIsReadOnceWhateverHappens(t *testing.T) {
	for seed := range uint64(20) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			both(t, func(g *WithT, list Type) {
				random := rand.New(rand.NewPCG(seed, 1))
				s, n := &service{}, 0
				c := s.client()
				lookBack := c.lookBack(list)
				want, got := []string{}, map[string]int{}
				var cur Cursor
				read := func(confirmed bool) bool {
					page, err := c.Next(context.Background(), list, cur, nil)
					g.Expect(err).NotTo(HaveOccurred())
					if !confirmed {
						return true
					}
					for _, r := range page.Records {
						got[r.ID]++
					}
					cur = page.After
					return page.More
				}
				for range 150 {
					count := random.IntN(5)
					if random.IntN(40) == 0 {
						count = c.pageSize(list) + random.IntN(200)
					}
					for range count {
						n++
						late := time.Duration(random.Int64N(int64(lookBack)))
						if random.IntN(3) > 0 || count > 5 {
							late = 0
						}
						id := fmt.Sprintf("id-%06d", n)
						s.add(time.Now(), late, id)
						want = append(want, id)
					}
					if count > 5 {
						read(true)
						time.Sleep(lookBack)
					}
					time.Sleep(time.Duration(random.Int64N(int64(lookBack) / 5)))
					if random.IntN(3) == 0 {
						cur = stored(cur)
					}
					read(random.IntN(4) > 0)
					if random.IntN(20) == 0 { // long enough for a list at rest
						for range 3 {
							time.Sleep(lookBack)
							read(true)
						}
					}
				}
				time.Sleep(lookBack)
				cur = stored(cur)
				for read(true) {
				}
				for read(true) {
				}
				for _, id := range want {
					g.Expect(got[id]).To(Equal(1), id)
				}
				g.Expect(got).To(HaveLen(len(want)))
			})
		})
	}
}

func TestAScanWithoutAnEndFindsWhatIsLate(t *testing.T) {
	bubble(t, func(g *WithT) {
		s := &service{pageSize: 10}
		s.prepare = func(n int) { // always more than a page ahead, while time passes
			s.add(time.Now(), 0, ids(fmt.Sprint("busy-", n), 10)...)
			time.Sleep(2 * time.Second)
		}
		s.add(time.Now(), 0, ids("first", 20)...)
		time.Sleep(time.Second)
		s.add(time.Now(), 5*time.Second, "late")
		c, cur := s.client(), Cursor{}
		for n := 0; ; n++ {
			g.Expect(n).To(BeNumerically("<", 60))
			page, err := c.Next(context.Background(), Activity, cur, nil)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(page.More).To(BeTrue())
			cur = page.After
			for _, r := range page.Records {
				if r.ID == "late" {
					return
				}
			}
		}
	})
}

func TestWhenAlertsAreDeletedWhileATieIsReadNoneIsMissed(t *testing.T) {
	for _, tie := range []int{350, 150} { // the latter ends on the page that shows the deletion
		t.Run(fmt.Sprint(tie), func(t *testing.T) {
			bubble(t, func(g *WithT) {
				s := &service{}
				at := time.Now().Add(-2 * time.Hour)
				s.add(at, 0, ids("tie", tie)...)
				s.add(at.Add(time.Second), 0, ids("tie-z", 30)...)
				listed := []string(nil)
				s.prepare = func(n int) {
					if n == 3 || n == 4 { // some that were listed: all after them move up
						for _, id := range listed[n*10 : n*10+5] {
							s.remove(id)
						}
					}
				}
				c, cur := s.client(), Cursor{}
				for more := true; more; {
					page, err := c.Next(context.Background(), Alert, cur, nil)
					g.Expect(err).NotTo(HaveOccurred())
					listed, cur, more = append(listed, idsOf(page.Records)...), page.After, page.More
					g.Expect(len(listed)).To(BeNumerically("<=", tie+30))
				}
				g.Expect(sorted(listed)).To(Equal(append(ids("tie", tie), ids("tie-z", 30)...)))
			})
		})
	}
}

func TestAScanWithoutNextQueryFilters(t *testing.T) {
	for _, test := range []struct {
		name string
		tie  int
		cuts bool
	}{
		{"goes on by place", 1, false},
		{"reads a tie larger than a page as a list", 700, false},
		{"comes to a tie that the service holds back", 700, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			bubble(t, func(g *WithT) {
				s := &service{noNext: true, cutsTies: test.cuts}
				start := time.Now().Add(-time.Hour)
				for i, id := range ids("a", 1200) {
					s.add(start.Add(time.Duration(i)*time.Millisecond), 0, id)
				}
				s.add(start.Add(2*time.Second), 0, ids("tie", test.tie)...)
				s.add(start.Add(3*time.Second), 0, "z")
				got, _, err := drain(s.client(), Activity, Cursor{})
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(sorted(got)).To(Equal(append(append(ids("a", 1200), ids("tie", test.tie)...), "z")))
			})
		})
	}
}

func TestRecordsThatAreRepeatedOnAPage(t *testing.T) {
	both(t, func(g *WithT, list Type) {
		s := &service{repeats: true}
		s.add(time.Now().Add(-time.Hour), 0, ids("a", 1200)...)
		got, _, err := drain(s.client(), list, Cursor{})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(sorted(got)).To(Equal(ids("a", 1200)))
	})
}

func TestAPageInNoOrder(t *testing.T) {
	bubble(t, func(g *WithT) {
		s := &service{shuffles: true}
		for i, id := range ids("a", 1200) {
			s.add(time.Now().Add(time.Duration(i)*time.Millisecond-time.Hour), 0, id)
		}
		c := s.client()
		got, _, err := drain(c, Activity, Cursor{})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(got).To(Equal(ids("a", 1200)), "where nextQueryFilters lead on, it is put in order")

		_, _, err = drain(c, Alert, Cursor{})
		g.Expect(err).To(MatchError(ContainSubstring("in another order than was asked for")), "where place leads on, it is refused")
	})
}

func TestNextQueryFiltersThatTheServiceNoLongerTakes(t *testing.T) {
	bubble(t, func(g *WithT) {
		s := &service{}
		s.add(time.Now().Add(-time.Hour), 0, ids("a", 1200)...)
		s.before = func(w http.ResponseWriter, n int) bool {
			if n == 2 {
				http.Error(w, `{"detail":"cursor expired"}`, http.StatusBadRequest)
			}
			return n == 2
		}
		got, _, err := drain(s.client(), Activity, Cursor{})
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(sorted(got)).To(Equal(ids("a", 1200)))
	})
}

func TestAChangedFilterBeginsANewScan(t *testing.T) {
	bubble(t, func(g *WithT) {
		s := &service{}
		s.add(time.Now().Add(-time.Hour), 0, ids("a", 600)...)
		c := s.client()
		page, err := c.Next(context.Background(), Activity, Cursor{}, nil)
		g.Expect(err).NotTo(HaveOccurred())
		_, err = c.Next(context.Background(), Activity, page.After, json.RawMessage(`{"service":{"eq":1}}`))
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(s.questions[1].Filters).To(ContainSubstring(`"service"`))
	})
}

func TestABodyThatIsIgnored(t *testing.T) {
	both(t, func(g *WithT, list Type) {
		s := &service{ignoresBody: true}
		s.add(time.Now().Add(-time.Hour), 0, ids("a", 60)...)
		s.add(time.Now().Add(-time.Minute), 0, ids("b", 30)...)
		c := s.client()
		got, _, err := drain(c, list, Cursor{})
		g.Expect(err).NotTo(HaveOccurred(), "all of them are there")
		g.Expect(got).To(HaveLen(90))

		s.add(time.Now(), 0, ids("c", 30)...)
		_, _, err = drain(c, list, Cursor{})
		g.Expect(err).To(MatchError(ContainSubstring("another order")))

		s.records = nil
		s.add(time.Now().Add(-72*time.Hour), 0, "old")
		_, _, err = drain(c, list, Cursor{})
		g.Expect(err).To(MatchError(ContainSubstring("it ignores the filters")))
	})
}

func TestAnswersThatLeadNowhereEnd(t *testing.T) {
	page := `"data":[{"_id":"a","created":9,"timestamp":9},{"_id":"b","created":9,"timestamp":9}],"hasNext":true`
	for _, test := range []struct{ name, answer, says string }{
		{"nothing, and more", `{"data":[],"hasNext":true}`, "lists nothing and has no nextQueryFilters"},
		{"the same filters", `{` + page + `,"nextQueryFilters":{"x":1}}`, "lead to the same page again"},
		{"nothing, and filters", `{"data":[],"hasNext":true,"nextQueryFilters":{"x":1}}`, "lead to the same page again"},
		{"the same page", `{` + page + `}`, "the same page from 1970-01-01T00:00:00.009Z on"},
		{"the newest first", `{"data":[{"_id":"a","created":9,"timestamp":9},{"_id":"b","created":8,"timestamp":8}],"hasNext":true,"nextQueryFilters":{"x":1}}`, "the newest first"},
		{"the same record", `{"data":[{"_id":"a","created":9,"timestamp":9}],"hasNext":true}`, "no way to get at it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			both(t, func(g *WithT, list Type) {
				s := &service{before: func(w http.ResponseWriter, _ int) bool {
					io.WriteString(w, test.answer)
					return true
				}}
				_, _, err := drain(s.client(), list, StartAt(time.UnixMilli(1)))
				g.Expect(err).To(MatchError(ContainSubstring(test.says)))
				g.Expect(len(s.questions)).To(BeNumerically("<", 40))
			})
		})
	}
}

func TestAfterAbsence(t *testing.T) {
	now := time.Date(2026, 1, 10, 0, 0, 0, 0, time.UTC)
	ago := func(d time.Duration) int64 { return now.Add(-d).UnixMilli() }
	for _, test := range []struct {
		name  string
		cur   Cursor
		again Cursor
		hole  time.Duration
	}{
		{"never read", Cursor{}, Cursor{}, 0},
		{"away for a day", Cursor{Position: ago(25 * time.Hour), Read: ago(24 * time.Hour)}, Cursor{Position: ago(25 * time.Hour), Read: ago(24 * time.Hour)}, 0},
		{"away for two days", Cursor{Position: ago(50 * time.Hour), Read: ago(48 * time.Hour)}, Cursor{Position: ago(50 * time.Hour), Read: ago(48 * time.Hour)}, 0},
		{"nothing new for a week", Cursor{Position: ago(200 * time.Hour), Read: ago(time.Hour)}, Cursor{Position: ago(200 * time.Hour), Read: ago(time.Hour)}, 0},
		{"away for a week", Cursor{Position: ago(170 * time.Hour), Floor: 1, Read: ago(168 * time.Hour)}, StartAt(now.Add(-48 * time.Hour)), 122 * time.Hour},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := NewWithT(t)
			again, hole := test.cur.AfterAbsence(now, 48*time.Hour)
			g.Expect(again).To(Equal(test.again))
			g.Expect(hole).To(Equal(test.hole))
		})
	}
}

func TestMarksAreBoundedButNeverCutAnInstant(t *testing.T) {
	g := NewWithT(t)
	at := time.UnixMilli(1_000_000)
	records := []Record{{ID: "a", Created: 1}, {ID: "b", Created: 2}, {ID: "c", Created: 2}, {ID: "d", Created: 3}}
	cur, closer := Cursor{}.read(records, at, 0, 2)
	g.Expect(closer).To(BeTrue())
	g.Expect(cur.Floor).To(BeEquivalentTo(2))
	g.Expect(cur.Seen).To(Equal([]Mark{{2, "b"}, {2, "c"}, {3, "d"}}))
	cur, _ = cur.read([]Record{{ID: "e", Created: 3}, {ID: "f", Created: 3}}, at, 0, 2)
	g.Expect(cur.Seen).To(Equal([]Mark{{3, "d"}, {3, "e"}, {3, "f"}}))
}

func TestBusyIsBalancedAndOffWhileWaiting(t *testing.T) {
	bubble(t, func(g *WithT) {
		clock := &countingClock{}
		s := &service{prepare: func(int) { g.Expect(clock.busy.Load()).To(BeZero()) }}
		c := s.client()
		c.Clock, c.Throttle = clock, NewThrottle(30, clock)
		for range 3 {
			_, err := c.Next(context.Background(), Activity, Cursor{}, nil)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(clock.busy.Load()).To(BeZero())
		}
		ctx, cancel := context.WithCancelCause(context.Background())
		gone := errors.New("gone")
		cancel(gone)
		_, err := c.Next(ctx, Activity, Cursor{}, nil)
		g.Expect(err).To(MatchError(gone))
		g.Expect(clock.busy.Load()).To(BeZero())
	})
}

type countingClock struct {
	systemClock
	busy atomic.Int64
}

func (c *countingClock) Busy(n int) { c.busy.Add(int64(n)) }
