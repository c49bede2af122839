package load

import (
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestProfile(t *testing.T) {
	const over = 10 * time.Second
	for _, c := range []struct {
		text string
		at   time.Duration
		due  float64
	}{
		{"100", 0, 0},
		{"100", 5 * time.Second, 500},
		{"100", 20 * time.Second, 1000}, // the load is over
		{"0..100", 5 * time.Second, 125},
		{"0..100", over, 500},
		{"100..0", over, 500},
		{"10,20", 5 * time.Second, 50},
		{"10,20", over, 150},
		{"10,20,0.5,0", over, 76.25},
	} {
		t.Run(c.text+" at "+c.at.String(), func(t *testing.T) {
			g := NewWithT(t)
			p, err := ParseProfile(c.text)
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(p.Due(c.at, over)).To(BeNumerically("~", c.due, 1e-6))
			g.Expect(p.Share(4).Due(c.at, over)).To(BeNumerically("~", c.due/4, 1e-6))
		})
	}
	for _, bad := range []string{"", "fast", "-1", "1..", "..1", "1,,2", "NaN", "Inf", "1e10", "1..2..3"} {
		_, err := ParseProfile(bad)
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring("expected activities a second")), bad)
	}
}
