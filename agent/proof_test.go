package agent

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestProof(t *testing.T) {
	for name, c := range map[string]struct {
		setting  Confirm
		happens  func(p *proof)
		byWindow bool
	}{
		"nothing":                         {ConfirmAuto, func(*proof) {}, false},
		"two time-outs":                   {ConfirmAuto, func(p *proof) { p.timedOut(); p.timedOut() }, false},
		"three":                           {ConfirmAuto, func(p *proof) { p.timedOut(); p.timedOut(); p.timedOut() }, true},
		"three resets":                    {ConfirmAuto, func(p *proof) { p.wasReset(); p.wasReset(); p.wasReset() }, true},
		"two resets and a time-out":       {ConfirmAuto, func(p *proof) { p.wasReset(); p.wasReset(); p.timedOut() }, false},
		"three that are not in a row":     {ConfirmAuto, func(p *proof) { p.wasReset(); p.wasReset(); p.answered(); p.wasReset() }, false},
		"three, and then an answer":       {ConfirmAuto, func(p *proof) { p.wasReset(); p.wasReset(); p.wasReset(); p.answered() }, false},
		"the system does not tell":        {ConfirmAuto, func(p *proof) { p.fall() }, true},
		"three, closing is wanted":        {ConfirmClose, func(p *proof) { p.wasReset(); p.wasReset(); p.wasReset() }, false},
		"does not tell, closing wanted":   {ConfirmClose, func(p *proof) { p.fall() }, false},
		"the window is wanted":            {ConfirmWindow, func(*proof) {}, true},
		"an answer, the window is wanted": {ConfirmWindow, func(p *proof) { p.answered() }, true},
	} {
		t.Run(name, func(t *testing.T) {
			p := proof{setting: c.setting, after: 3}
			c.happens(&p)
			NewWithT(t).Expect(p.byWindow()).To(Equal(c.byWindow))
		})
	}
}

func TestItIsSaidOnceThatTheWindowIsUsed(t *testing.T) {
	g := NewWithT(t)
	p := proof{setting: ConfirmAuto, after: 2}
	g.Expect(p.wasReset()).To(BeFalse())
	g.Expect(p.wasReset()).To(BeTrue())
	g.Expect(p.wasReset()).To(BeFalse())
	p.answered()
	g.Expect(p.wasReset()).To(BeFalse())
	g.Expect(p.wasReset()).To(BeTrue(), "and again when it happens again")
}
