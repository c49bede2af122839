package agent

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// batches gives K after so many full batches, of which each line takes some
// time to write and each confirmation some.
func batches(p *pace, n int, line, confirming time.Duration) int {
	now := time.Unix(0, 0)
	p.confirmed(0, false, now, now)
	for range n {
		began := now.Add(time.Duration(p.batch()) * line)
		now = began.Add(confirming)
		p.confirmed(p.batch(), true, began, now)
	}
	return p.lines()
}

func TestKFollowsWhatConfirmingCosts(t *testing.T) {
	for name, c := range map[string]struct {
		line, confirming time.Duration
		k                int
	}{
		"it costs nothing":                            {time.Microsecond, 0, 1000},
		"less than a twentieth":                       {100 * time.Microsecond, 2 * time.Millisecond, 1000},
		"more than that: half as often":               {100 * time.Microsecond, 5 * time.Millisecond, 2000},
		"a delayed acknowledgement: a second of them": {100 * time.Microsecond, 45 * time.Millisecond, 9099},
		"it costs a lot: a second's lines":            {100 * time.Microsecond, time.Second, 1000},
		"a million a second":                          {time.Microsecond, 300 * time.Microsecond, 16_000},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			p := pace{least: 1000, share: 5}
			k := batches(&p, 50, c.line, c.confirming)
			g.Expect(k).To(Equal(c.k))
			second := float64(time.Second) / float64(c.line)
			g.Expect(k).To(BeNumerically("<=", max(1000, second)))
		})
	}
}

func TestKIsSmallAgainWhenThereIsLittleToSend(t *testing.T) {
	g := NewWithT(t)
	p := pace{least: 1000, share: 5}
	g.Expect(batches(&p, 50, time.Microsecond, 300*time.Microsecond)).To(Equal(16_000))
	now := p.last
	for range 4 {
		now = now.Add(30 * time.Second)
		p.confirmed(20, false, now, now.Add(time.Millisecond))
	}
	g.Expect(p.lines()).To(Equal(1000))
}
