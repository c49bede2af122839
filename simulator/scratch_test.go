package simulator

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// A folder of a program that has ended, however, is removed by the next one; one
// that somebody has is not, nor one that is too young to be locked.
func TestScratchFoldersOfTheDeadAreRemoved(t *testing.T) {
	g := NewWithT(t)
	parent := t.TempDir()
	old := time.Now().Add(-2 * young)
	folder := func(name string, when time.Time) string {
		path := filepath.Join(parent, name)
		g.Expect(os.MkdirAll(filepath.Join(path, "agent"), 0o700)).To(Succeed())
		g.Expect(os.Chtimes(path, when, when)).To(Succeed())
		return path
	}
	dead, young := folder("lab-dead", old), folder("lab-young", time.Now())
	other, file := folder("load-dead", old), filepath.Join(parent, "lab-file")
	g.Expect(os.WriteFile(file, nil, 0o600)).To(Succeed())
	g.Expect(os.Chtimes(file, old, old)).To(Succeed())

	standing, err := newScratch(parent, "lab-")
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(os.Chtimes(standing.Path, old, old)).To(Succeed())
	next, err := newScratch(parent, "lab-")
	g.Expect(err).NotTo(HaveOccurred())

	g.Expect(dead).NotTo(BeADirectory())
	for _, path := range []string{young, other, standing.Path, next.Path} {
		g.Expect(path).To(BeADirectory())
	}
	g.Expect(file).To(BeARegularFile())
	g.Expect(standing.Remove()).To(Succeed())
	g.Expect(next.Remove()).To(Succeed())
	g.Expect(standing.Path).NotTo(BeADirectory())
}
