package live

import (
	"os"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// Every request that the API takes is in the handbook.
func TestTheHandbookHasTheAPI(t *testing.T) {
	g := NewWithT(t)
	handbook, err := os.ReadFile("../../docs/serve.md")
	g.Expect(err).NotTo(HaveOccurred())
	_, table, _ := strings.Cut(string(handbook), "## By program")
	for pattern := range new(Session).routes() {
		g.Expect(table).To(ContainSubstring("`"+strings.ReplaceAll(pattern, "{n}", "N")), pattern)
	}
}
