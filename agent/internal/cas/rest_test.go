package cas

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// floorAsked is the instant from which the last request asked for records.
func (s *service) floorAsked(g *WithT) int64 {
	var filters struct{ Created, Date struct{ Gte int64 } }
	g.Expect(json.Unmarshal(s.last().Filters, &filters)).To(Succeed())
	return filters.Created.Gte + filters.Date.Gte
}

// skewed is a clock that is off by the same amount always.
type skewed struct {
	systemClock
	by time.Duration
}

func (c skewed) Now() time.Time { return time.Now().Add(c.by) }

func dated(w http.ResponseWriter, _ int) bool {
	w.Header().Set("Date", time.Now().UTC().Format(http.TimeFormat))
	return false
}

func undated(http.ResponseWriter, int) bool { return false }

func TestAnIdleListIsNotReadAgainForEver(t *testing.T) {
	for name, c := range map[string]struct {
		clock  Clock
		before func(http.ResponseWriter, int) bool
		after  time.Duration // the second of both waits; the first is until all of it looks complete
	}{
		"clocks that agree":                     {systemClock{}, dated, 0},
		"no Date":                               {systemClock{}, undated, 0},
		"our clock is ahead":                    {skewed{by: 40 * time.Hour}, dated, 0},
		"our clock is behind":                   {skewed{by: -40 * time.Hour}, dated, 0},
		"our clock is behind, there is no Date": {skewed{by: -time.Hour}, undated, time.Hour},
	} {
		t.Run(name, func(t *testing.T) {
			both(t, func(g *WithT, list Type) {
				time.Sleep(100 * time.Hour) // so that there are two days before it on any of the clocks
				s := &service{before: c.before}
				client := s.client()
				client.Clock = c.clock
				lookBack := client.lookBack(list)
				at := time.Now()
				s.add(at, 0, ids("tie", 90)...)
				got, cur, err := drain(client, list, StartAt(at.Add(-time.Second)))
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(got).To(HaveLen(90))
				for range 2 {
					time.Sleep(lookBack + c.after + time.Second)
					got, cur, err = drain(client, list, cur)
					g.Expect(err).NotTo(HaveOccurred())
					g.Expect(got).To(BeEmpty())
				}
				g.Expect(cur.Seen).To(BeEmpty())
				s.add(time.Now(), 0, "new")
				got, _, err = drain(client, list, stored(cur))
				g.Expect(err).NotTo(HaveOccurred())
				g.Expect(got).To(Equal([]string{"new"}))
				g.Expect(s.floorAsked(g)).To(Equal(at.UnixMilli() + 1))
			})
		})
	}
}

// One that is as late as may be, in the last instant that was read, is the one
// that passing that instant could lose.
func TestALatecomerInTheLastInstantIsRead(t *testing.T) {
	for name, c := range map[string]struct {
		clock  Clock
		before func(http.ResponseWriter, int) bool
	}{
		"clocks that agree":  {systemClock{}, dated},
		"no Date":            {systemClock{}, undated},
		"our clock is ahead": {skewed{by: 40 * time.Hour}, dated},
		"our clock is ahead, and there's no Date": {skewed{by: 40 * time.Hour}, undated},
		"our clock is behind":                     {skewed{by: -40 * time.Hour}, dated},
	} {
		for _, restarts := range []bool{false, true} {
			t.Run(name, func(t *testing.T) {
				both(t, func(g *WithT, list Type) {
					time.Sleep(100 * time.Hour)
					s := &service{before: c.before}
					client := s.client()
					client.Clock = c.clock
					lookBack := client.lookBack(list)
					at := time.Now()
					s.add(at, 0, "in time")
					s.add(at, lookBack, "late")
					cur, all := StartAt(at.Add(-time.Second)), []string(nil)
					for range 40 { // every twentieth of the look-back, and as long after it
						got, after, err := drain(client, list, cur)
						g.Expect(err).NotTo(HaveOccurred())
						all, cur = append(all, got...), after
						if restarts {
							cur = stored(cur)
						}
						time.Sleep(lookBack / 20)
					}
					g.Expect(all).To(Equal([]string{"in time", "late"}))
				})
			})
		}
	}
}

// A record from the future must not take the floor with it.
func TestARecordWithAWrongDateDoesNotHideTheOthers(t *testing.T) {
	both(t, func(g *WithT, list Type) {
		s := &service{before: dated}
		client := s.client()
		s.records = append(s.records, entry{"from the future", time.Now().Add(1000 * time.Hour), time.Now(), "999999999999999 x"})
		cur := StartAt(time.Now().Add(-time.Second))
		for range 5 {
			_, after, err := drain(client, list, cur)
			g.Expect(err).NotTo(HaveOccurred())
			cur = after
			time.Sleep(client.lookBack(list))
		}
		s.add(time.Now(), 0, "new")
		got, _, err := drain(client, list, cur)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(got).To(Equal([]string{"new"}))
	})
}
