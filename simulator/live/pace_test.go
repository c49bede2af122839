package live

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// ticks is the virtual time of so many ticks that come when they should.
func ticks(p *Pace, n int) time.Duration {
	var sum time.Duration
	for range n {
		sum += p.Steps(tickEvery)
	}
	return sum
}

func TestTimeGoesAsFastAsItShould(t *testing.T) {
	for _, speed := range []int{1, 2, 7, 10, 19, 20, 21, 33, 60, 600, 3599, 3600} {
		g := NewWithT(t)
		var p Pace
		g.Expect(p.SetSpeed(speed)).To(Succeed())
		const second = int(time.Second / tickEvery)
		after := ticks(&p, 60*second)
		g.Expect(after).To(BeNumerically("~", time.Duration(speed)*time.Minute, p.step()), "×%d", speed)
		g.Expect(after%time.Second).To(BeZero(), "×%d stands at a whole second", speed)
		g.Expect(p.Behind).To(BeFalse(), "×%d", speed)
	}
}

func TestTheZeroValueGoesAtTheSpeedOfLife(t *testing.T) {
	NewWithT(t).Expect(ticks(new(Pace), 200)).To(Equal(10 * time.Second))
}

func TestSpeedsThatThereAreNot(t *testing.T) {
	for _, speed := range []int{-1, 0, 3601} {
		p := Pace{Speed: 60}
		NewWithT(t).Expect(p.SetSpeed(speed)).To(MatchError(ContainSubstring("expected 1 to 3600")))
		NewWithT(t).Expect(p.Speed).To(Equal(60))
	}
}

func TestAPauseOwesNothing(t *testing.T) {
	g := NewWithT(t)
	p := Pace{Speed: 1}
	g.Expect(p.Steps(900 * time.Millisecond)).To(BeZero())
	p.Paused = true
	g.Expect(p.Steps(time.Hour)).To(BeZero())
	p.Paused = false
	g.Expect(p.Steps(900 * time.Millisecond)).To(BeZero())
	g.Expect(p.Steps(100 * time.Millisecond)).To(Equal(time.Second))
}

// What a slow machine does not manage is let go, and said.
func TestWhoIsBehindDoesNotRun(t *testing.T) {
	g := NewWithT(t)
	p := Pace{Speed: 3600}
	g.Expect(p.Steps(time.Minute)).To(Equal(4 * 180 * time.Second))
	g.Expect(p.Behind).To(BeTrue())
	g.Expect(p.Steps(tickEvery)).To(Equal(180 * time.Second))
	g.Expect(p.Behind).To(BeFalse())
}
