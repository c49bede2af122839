package load

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// Merging shards equals one run that had all of it.
func TestMerge(t *testing.T) {
	g := NewWithT(t)
	shard := func(i int) Result {
		r := measured(100)
		r.Shards, r.Joined, r.Load, r.Seconds = 2, []int{i}, 2, 2
		r.Began = time.Unix(100, 0)
		r.Faults = []Band{{Fault: "at 1s stall", From: 1, To: 2, Hits: i, Recovered: true, Recovery: float64(i)}}
		r.Cost = &Cost{CPU: float64(i + 1), Peak: int64(i)}
		r.Ledger.Lost["unread"] = i
		r.Samples = []Sample{{At: 0.5, Created: 10, Arrived: 5}, {At: 1.5, Created: 20, Arrived: 20}}[:2-i]
		return r
	}
	whole, err := Merge([]Result{shard(1), shard(0)})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(whole.Joined).To(Equal([]int{0, 1}))
	g.Expect(whole.Achieved).To(BeEquivalentTo(10)) // 20 in 2 s
	g.Expect(whole.Offered).To(BeEquivalentTo(200))
	g.Expect(whole.Faults).To(Equal([]Band{{Fault: "at 1s stall", From: 1, To: 2, Hits: 1, Recovered: true, Recovery: 1}}))
	g.Expect(whole.Whole.Ages.Count()).To(BeEquivalentTo(20))
	g.Expect(whole.Lost()).To(Equal(1))
	g.Expect(whole.Cost).To(Equal(&Cost{CPU: 1.5, Peak: 1}))
	g.Expect(whole.Samples).To(Equal([]Sample{{At: 1, Created: 20, Arrived: 10}, {At: 2, Created: 30, Arrived: 25}}))
	g.Expect(whole.Failures).To(BeEmpty())

	part, err := Merge([]Result{shard(1)})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(part.Failures).To(ConsistOf("1 of 2 shards are missing"))
	_, err = Merge([]Result{shard(1), shard(1)})
	g.Expect(err).To(MatchError(ContainSubstring("there twice")))
	other := shard(0)
	other.Seed = 9
	_, err = Merge([]Result{shard(1), other})
	g.Expect(err).To(MatchError(ContainSubstring("with seed 9")))
	other = shard(0)
	other.Agent = "rsyslog:tuned"
	_, err = Merge([]Result{shard(1), other})
	g.Expect(err).To(MatchError(ContainSubstring(`tested "rsyslog:tuned"`)))
	late := shard(0)
	late.Began = late.Began.Add(3 * time.Second)
	apart, err := Merge([]Result{shard(1), late})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(apart.Failures).To(ConsistOf("the shards began 3.0 s apart: they did not load together"))
	g.Expect(apart.Seconds).To(BeEquivalentTo(5))
	g.Expect(apart.Achieved).To(BeEquivalentTo(4)) // and not 10
	g.Expect(apart.Samples).To(HaveLen(5))
	_, err = Merge(nil)
	g.Expect(err).To(HaveOccurred())

	var file bytes.Buffer
	g.Expect(json.NewEncoder(&file).Encode(whole)).To(Succeed())
	read, err := Read(&file)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(read).To(HaveLen(1))
	g.Expect(read[0].Whole.Ages.Count()).To(BeEquivalentTo(20))
	_, err = Read(bytes.NewReader([]byte(`{"v":2}`)))
	g.Expect(err).To(MatchError(ContainSubstring("version 2")))
}
