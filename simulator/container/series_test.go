package container

import (
	"testing"

	"github.com/moby/moby/client"
	. "github.com/onsi/gomega"
)

// Between two scripts of a series the machines go and the networks stay; at its
// end everything goes, and nothing of others ever.
func TestNetworksOutliveAScriptOfASeries(t *testing.T) {
	g := NewWithT(t)
	removed := make(chan string, 100)
	c, err := client.New(client.WithHost(serveStub(t, removed)))
	g.Expect(err).NotTo(HaveOccurred())
	dismissed := false
	s := &Series{kept: &Machines{engine: &engine{client: c, run: "mine"},
		states: map[string]bool{"agent": true}, dismiss: func() { dismissed = true }}}
	for range 2 {
		m, err := s.Machines()
		g.Expect(err).NotTo(HaveOccurred())
		g.Expect(m.Close()).To(Succeed())
		g.Expect(<-removed).To(Equal("a"))
		g.Expect(removed).To(BeEmpty())
		g.Expect(m.(lent).states).To(BeEmpty(), "they went with the machines")
	}
	g.Expect(dismissed).To(BeFalse())
	g.Expect(s.Close()).To(Succeed())
	g.Expect(<-removed).To(Equal("a"))
	g.Expect(<-removed).To(Equal("n"))
	g.Expect(dismissed).To(BeTrue(), "the watchdog has nothing to watch any more")
	g.Expect(s.Close()).To(Succeed())
	g.Expect(removed).To(BeEmpty())
}
