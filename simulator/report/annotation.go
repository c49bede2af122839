package report

import (
	"fmt"
	"strings"

	"siemdrill/simulator"
)

// Annotation is a line that GitHub Actions shows beside the script, as it
// documents for workflow commands; empty for a run that did not fail.
func Annotation(run simulator.Run) string {
	if run.Result.Verdict != simulator.Failed {
		return ""
	}
	return fmt.Sprintf("::error file=%s,line=%d,title=%s::%s\n",
		property(run.Script.File), max(run.Line, 1), property(run.Result.ID+" failed"), message(run.Result.Reason))
}

var (
	message  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace
	property = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace
)
