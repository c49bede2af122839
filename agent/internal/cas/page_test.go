package cas

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// A reader that is stopped within a page, again and again, goes on where it
// was: with ties that a page cuts, with latecomers, and after a restart.
func TestUptoGoesOnWithinAPage(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			both(t, func(g *WithT, list Type) {
				random := rand.New(rand.NewPCG(seed, 2))
				s := &service{}
				client := s.client()
				lookBack := client.lookBack(list)
				begin, n := time.Now(), 0
				for range 40 {
					for range 1 + random.IntN(20) {
						late := time.Duration(0)
						if random.IntN(10) == 0 {
							late = time.Duration(random.Int64N(int64(lookBack)))
						}
						n++
						s.add(time.Now(), late, fmt.Sprintf("id-%06d", random.IntN(900_000)+n*1_000_000))
					}
					time.Sleep(time.Duration(random.Int64N(int64(lookBack) / 10)))
				}
				seen := map[string]int{}
				cur := StartAt(begin.Add(-time.Second))
				for range 400 {
					page, err := client.Next(context.Background(), list, cur, nil)
					g.Expect(err).NotTo(HaveOccurred())
					some := len(page.Records)
					if random.IntN(3) > 0 {
						some = random.IntN(some + 1)
					}
					for _, r := range page.Records[:some] {
						seen[r.ID]++
					}
					if cur = page.Upto(some); random.IntN(3) == 0 {
						cur = stored(cur)
					}
					if len(page.Records) == 0 && !page.More {
						time.Sleep(lookBack / 20)
					}
				}
				g.Expect(len(seen)).To(Equal(n))
				for id, times := range seen {
					g.Expect(times).To(Equal(1), id)
				}
			})
		})
	}
}

// While a backlog is read, a checkpoint within a page is small: nothing in it
// can be late any more.
func TestUptoOfABacklogIsSmall(t *testing.T) {
	bubble(t, func(g *WithT) {
		s := &service{}
		for i, id := range ids("a", 900) {
			s.add(time.Now().Add(-20*time.Hour+time.Duration(i)*time.Second), 0, id)
		}
		page, err := s.client().Next(context.Background(), Activity, Cursor{}, nil)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(page.Records).To(HaveLen(500))
		g.Expect(page.Upto(0).Seen).To(BeEmpty())
		half := page.Upto(250)
		g.Expect(half.Seen).To(BeEmpty())
		g.Expect(half.Floor).To(Equal(page.Records[250].Created))
		again, err := s.client().Next(context.Background(), Activity, stored(half), nil)
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(again.Records[0].ID).To(Equal("a-0250"))
	})
}
