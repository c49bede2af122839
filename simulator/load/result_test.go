package load

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakesyslog"
)

func measured(rate float64) Result {
	r := Result{V: 1, Shards: 1, Joined: []int{0}, Achieved: rate, Offered: rate, Windows: map[string]Arrivals{}}
	r.Ledger = fakesyslog.Report{Created: 10, Arrived: 10, Lost: map[string]int{}}
	for i := range 10 {
		r.Whole.Ages.Add(time.Duration(i) * time.Second)
	}
	r.Whole.First = 10
	return r
}

func TestJudge(t *testing.T) {
	g := NewWithT(t)
	max := Profile{Max: true}
	r := measured(100)
	r.Speed = &Speed{Generator: 400, Receiver: 900, Together: 300}
	r.judge(max)
	g.Expect(r.Failures).To(BeEmpty())
	g.Expect(r.Bottleneck).To(Equal("agent"))

	r = measured(100)
	r.Speed = &Speed{Generator: 1000, Receiver: 300, Together: 299} // each alone would do
	r.judge(max)
	g.Expect(r.Failures).To(ConsistOf(And(ContainSubstring("the receiver was too slow"), ContainSubstring("a rate of 100 at most"))))
	g.Expect(r.Bottleneck).To(HavePrefix("receiver"))

	r = measured(100)
	r.Speed = &Speed{Generator: 299, Receiver: 5000, Together: 290}
	r.judge(Profile{})
	g.Expect(r.Failures).To(ConsistOf(ContainSubstring("the generator was too slow")))
	g.Expect(r.Bottleneck).To(HavePrefix("none")) // all was forwarded, only too fast to vouch for

	r = measured(100)
	r.Late = 1.5
	r.judge(Profile{})
	g.Expect(r.Failures).To(ConsistOf(ContainSubstring("1.5 s late")))
	g.Expect(r.Bottleneck).To(Equal("generator (generator and receiver were not tried without it)"))

	r = measured(100)
	r.Load, r.Samples = 20, []Sample{{At: 10, Created: 1000, Arrived: 1000}, {At: 20, Created: 2000, Arrived: 1300}}
	r.judge(Profile{})
	g.Expect(r.Bottleneck).To(HavePrefix("agent"))
}
