package scenarios_test

import (
	"os"
	"strings"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"siemdrill/scenarios"
)

var _ = Describe("the catalogue", func() {
	It("has a spec beside each script", func() {
		for _, file := range scenarios.Files() {
			id := strings.TrimSuffix(file, ".txtar")
			spec, err := os.ReadFile(id + "_test.go")
			Expect(err).NotTo(HaveOccurred())
			Expect(string(spec)).To(ContainSubstring(`Play("`+id+`")`), "%s_test.go doesn't play %s", id, file)
		}
	})

	DescribeTable("has a pair for each documented error, notification and status",
		func(id string) {
			_, ok := scenarios.File(id + ".txtar")
			Expect(ok).To(BeTrue(), "no %s.txtar", id)
		},
		func(id string) string { return id },
		Entry(nil, "invalid-token"),
		Entry(nil, "data-server-send-error"),
		Entry(nil, "data-server-connection-error"),
		Entry(nil, "connected"), // Created and Connected
		Entry(nil, "status-connection-error"),
		Entry(nil, "status-disconnected"), // and SIEM agent error
		// Documented, and not reproduced yet.
		PEntry(nil, "bootstrap-error"),
		PEntry(nil, "too-many-critical-errors"), // token-regenerated shows one of its causes
		PEntry(nil, "invalid-proxy-address"),
		PEntry(nil, "internal-error"),
		PEntry(nil, "siem-agent-error"),
		PEntry(nil, "siem-agent-notification-error"),
	)
})
