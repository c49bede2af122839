package simulator

import (
	"runtime/debug"
	"testing"

	. "github.com/onsi/gomega"
)

// An agent's command of other sources than ours is told from one of the same,
// where both say what they are of.
func TestWhatAnAgentsCommandIsOf(t *testing.T) {
	built := func(revision, time, modified string) sources {
		return sourcesOf(&debug.BuildInfo{Settings: []debug.BuildSetting{
			{Key: "GOOS", Value: "linux"}, {Key: "vcs.revision", Value: revision}, {Key: "vcs.time", Value: time}, {Key: "vcs.modified", Value: modified},
		}})
	}
	const monday, tuesday = "2026-01-05T09:00:00Z", "2026-01-06T09:00:00Z"
	ours := built("bbbbbbbbbbbbbbbbbbbb", tuesday, "false")
	for name, c := range map[string]struct {
		theirs sources
		why    string
	}{
		"the same":         {ours, ""},
		"not known":        {built("", "", ""), ""},
		"older":            {built("aaaaaaaaaaaaaaaaaaaa", monday, "false"), "is older: it is of aaaaaaaaaaaa " + monday + ", this program of bbbbbbbbbbbb " + tuesday},
		"newer":            {built("cccccccccccccccccccc", "2026-01-07T09:00:00Z", "false"), "is newer: "},
		"of changed files": {built("bbbbbbbbbbbbbbbbbbbb", tuesday, "true"), "is of another build: it is of bbbbbbbbbbbb and changes " + tuesday + ", "},
	} {
		g := NewWithT(t)
		if c.why == "" {
			g.Expect(differs(ours, c.theirs)).To(BeEmpty(), name)
			g.Expect(differs(c.theirs, ours)).To(BeEmpty(), name)
		} else {
			g.Expect(differs(ours, c.theirs)).To(HavePrefix(c.why), name)
		}
	}
	NewWithT(t).Expect(ofOurBuild("binary.go")).To(Succeed(), "what is no program of Go's says nothing")
}
