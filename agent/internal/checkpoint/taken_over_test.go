package checkpoint

import (
	"os"
	"path/filepath"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/agent/internal/cas"
)

// A file that an older agent wrote, as it wrote it. One is added here with each
// new version, and none is ever changed: agents in the field have them.
func TestACheckpointOfAnOlderAgentIsTakenOver(t *testing.T) {
	for name, wanted := range map[string]Checkpoint{
		"version-1.checkpoint.json": {
			Activities: cas.Cursor{
				Position: 1700000123456, Floor: 1700000023456, Read: 1699999800000,
				Seen: []cas.Mark{
					{Created: 1700000100000, ID: "97134000_15600_a"},
					{Created: 1700000123456, ID: "97134000_15600_b"},
					{Created: 1700000123456, ID: "97134000_15600_c"},
				},
			},
			Alerts: cas.Cursor{
				Position: 1700000099000, Floor: 1700000099000, Read: 1699999800000,
				Seen: []cas.Mark{{Created: 1700000099000, ID: "603f704aaf7417985bbf3b22"}},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			const tenant, agent = "contoso", "0123456789abcdef01234567"
			text, err := os.ReadFile(filepath.Join("testdata", name))
			g.Expect(err).NotTo(HaveOccurred())
			directory := t.TempDir()
			// The name is part of what must not change.
			path := filepath.Join(directory, "contoso_0123456789abcdef01234567.checkpoint.json")
			g.Expect(os.WriteFile(path, text, 0o600)).To(Succeed())

			store, err := Open(directory, tenant, agent)
			g.Expect(err).NotTo(HaveOccurred())
			defer store.Close()
			loaded, found, err := store.Load()
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(found).To(BeTrue())
			g.Expect(loaded).To(Equal(wanted))

			g.Expect(store.Save(loaded)).To(Succeed())
			again, _, err := store.Load()
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(again).To(Equal(wanted), "and what is saved over it is the same")
		})
	}
}

// A checkpoint near the present of a busy tenant has two pages of marks; it is
// written with each batch.
func BenchmarkEncode(b *testing.B) {
	var c Checkpoint
	for i := range int64(10_000) {
		c.Activities.Seen = append(c.Activities.Seen, cas.Mark{Created: 1700000000000 + i, ID: "97134000_15600_97ee2049-893e-4c9d-a312-08d82b46faf7"})
	}
	for b.Loop() {
		if _, err := encode("contoso", "0123456789abcdef01234567", c); err != nil {
			b.Fatal(err)
		}
	}
}
