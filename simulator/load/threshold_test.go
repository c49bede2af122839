package load

import (
	"testing"

	. "github.com/onsi/gomega"
)

func TestThreshold(t *testing.T) {
	g := NewWithT(t)
	r := measured(100)
	slow := r.Whole
	slow.Seconds = 2
	r.Windows[DuringFault.String()] = slow
	for text, why := range map[string]string{
		"rate>99":                  "",
		"rate>100":                 "it was 100 records/s",
		"rate>=100":                "",
		"rate==5 during fault":     "",
		"lost==0":                  "",
		"age.p99<10s":              "",
		"age.p99 < 2s":             "it was 9",
		"age.p50<=2s during fault": "it was 4",
		"age.p50<2s after fault":   "it was not measured",
		"cpu<5":                    "it was not measured",
		"recovery.max<1s":          "it was not measured",
	} {
		threshold, err := ParseThreshold(text)
		g.Expect(err).NotTo(HaveOccurred())
		if why == "" {
			g.Expect(threshold.Check(r)).To(BeEmpty(), text)
		} else {
			g.Expect(threshold.Check(r)).To(ContainSubstring(why), text)
		}
	}
	for text, expected := range map[string]string{
		"":                     "expected MEASURE<VALUE",
		"rate":                 "expected MEASURE<VALUE",
		"speed>1":              "unknown measure \"speed\"",
		"age.p99<2":            "expected a duration",
		"rate>fast":            "expected a number",
		"lost==0 during fault": "of the whole run only",
		"rate>1 during lunch":  "expected MEASURE<VALUE",
	} {
		_, err := ParseThreshold(text)
		g.Expect(err).To(MatchError(ContainSubstring(expected)), text)
	}
}

// Nothing may be lost unless a threshold says how much may be, whatever else is
// asked.
func TestLossFailsARun(t *testing.T) {
	for _, c := range []struct {
		lost       int
		thresholds []string
		why        string
	}{
		{0, nil, ""},
		{3, nil, "3 of 10 records were lost (-threshold 'lost<=3' would allow that)"},
		{3, []string{"rate>1"}, "3 of 10 records were lost (-threshold 'lost<=3' would allow that)"},
		{3, []string{"rate>1", "lost<=3"}, ""},
		{3, []string{"lost>=0"}, ""},
		{3, []string{"lost<3"}, "threshold lost<3: it was 3"},
	} {
		g := NewWithT(t)
		var all []Threshold
		for _, text := range c.thresholds {
			threshold, err := ParseThreshold(text)
			g.Expect(err).NotTo(HaveOccurred())
			all = append(all, threshold)
		}
		r := measured(100)
		r.Ledger.Lost["unread"] = c.lost
		Judge(&r, all)
		if c.why == "" {
			g.Expect(r.Failures).To(BeEmpty(), "%v", c)
		} else {
			g.Expect(r.Failures).To(Equal([]string{c.why}), "%v", c)
		}
	}
}
