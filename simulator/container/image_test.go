package container

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"io"
	"testing"

	. "github.com/onsi/gomega"
)

// content reads an archive: files by name.
func content(g *WithT, archive []byte) map[string][]byte {
	all := map[string][]byte{}
	for r := tar.NewReader(bytes.NewReader(archive)); ; {
		h, err := r.Next()
		if err == io.EOF {
			return all
		}
		g.Expect(err).NotTo(HaveOccurred())
		all[h.Name], err = io.ReadAll(r)
		g.Expect(err).NotTo(HaveOccurred())
	}
}

func TestAnImageIsItsProgramAndNothingElse(t *testing.T) {
	g := NewWithT(t)
	file, tag := image{"fakecas", []byte("program"), "arm64"}.export()
	parts := content(g, file)
	var manifest []struct {
		Config           string
		RepoTags, Layers []string
	}
	g.Expect(json.Unmarshal(parts["manifest.json"], &manifest)).To(Succeed())
	g.Expect(manifest).To(HaveLen(1))
	g.Expect(manifest[0].RepoTags).To(Equal([]string{tag}))
	g.Expect(tag).To(HavePrefix("siemdrill.invalid/fakecas:"))

	layer := parts[manifest[0].Layers[0]]
	g.Expect(content(g, layer)).To(HaveKeyWithValue("bin/fakecas", []byte("program")))
	var config struct {
		Architecture, OS string
		RootFS           struct {
			DiffIDs []string `json:"diff_ids"`
		}
		Config struct {
			Entrypoint []string
			User       string
		}
	}
	g.Expect(json.Unmarshal(parts[manifest[0].Config], &config)).To(Succeed())
	g.Expect(config.Architecture).To(Equal("arm64"))
	g.Expect(config.RootFS.DiffIDs).To(Equal([]string{"sha256:" + digest(layer)}))
	g.Expect(config.Config.Entrypoint).To(Equal([]string{"/bin/fakecas"}))
	g.Expect(config.Config.User).To(Equal("65532:65532"))
}

func TestEqualProgramsGiveEqualImages(t *testing.T) {
	g := NewWithT(t)
	one, tag := image{"fakecas", []byte("program"), "amd64"}.export()
	same, sameTag := image{"fakecas", []byte("program"), "amd64"}.export()
	g.Expect(same).To(Equal(one))
	g.Expect(sameTag).To(Equal(tag))
	for _, other := range []image{{"fakecas", []byte("another"), "amd64"}, {"fakecas", []byte("program"), "arm64"}} {
		_, otherTag := other.export()
		g.Expect(otherTag).NotTo(Equal(tag))
	}
}
