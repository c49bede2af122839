package load

import (
	"bytes"
	"regexp"
	"testing"

	. "github.com/onsi/gomega"
)

// The page has the numbers, a band for each fault, and asks for nothing from
// elsewhere; what a caller wrote is text in it.
func TestPage(t *testing.T) {
	g := NewWithT(t)
	r := measured(100)
	r.Call = "simulator load <script>"
	r.Samples = []Sample{{At: 1, Created: 100, Arrived: 50}, {At: 2, Created: 200, Arrived: 200, AgeP50: 1, AgeP99: 2}}
	r.Faults = []Band{{Fault: "at 1s stall", From: 1, To: 5}}
	r.Failures = []string{"the generator was too slow"}
	var page bytes.Buffer
	g.Expect(WritePage(&page, []Result{r})).To(Succeed())
	g.Expect(page.String()).To(And(
		ContainSubstring("&lt;script&gt;"),
		ContainSubstring("Failed: the generator was too slow"),
		ContainSubstring("never recovered from"),
		ContainSubstring(`points="485.0,96.7 900.0,10.0 "`), // 50 and then 150 a second: a third of the height, and all of it
	))
	g.Expect(page.String()).To(ContainSubstring(`points="900.0,10.0 "`)) // the age where something came, and no zero where nothing did
	g.Expect(page.String()).NotTo(Or(ContainSubstring("NaN"), ContainSubstring("Memory of the agent")))
	g.Expect(regexp.MustCompile(`class="band"`).FindAllString(page.String(), -1)).To(HaveLen(3))
	g.Expect(page.String()).NotTo(MatchRegexp(`(?i)(src|href)=|@import|url\(`))
	g.Expect(WritePage(&page, []Result{measured(1)})).To(Succeed()) // without samples
}
