package container

import (
	"math"
	"net/netip"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/simulator"
)

func TestEverySubnetThatIsDrawnIsAnother(t *testing.T) {
	for _, first := range []uint16{0, 255, 256, math.MaxUint16} {
		g := NewWithT(t)
		s := newSubnets(first)
		seen := map[netip.Prefix]bool{}
		for range 300 {
			subnet := s.draw()
			g.Expect(seen).NotTo(HaveKey(subnet))
			g.Expect(subnet.Masked()).To(Equal(subnet))
			g.Expect(netip.MustParsePrefix("10.0.0.0/8").Contains(subnet.Addr())).To(BeTrue())
			seen[subnet] = true
		}
	}
}

func TestAPlaceHasAnAddressOfItsNetwork(t *testing.T) {
	g := NewWithT(t)
	s := newSubnets(0x1803)
	s.given["services"] = s.draw()
	s.given["receivers"] = s.draw()
	g.Expect(s.address(simulator.Place{Network: "services", Host: 20})).To(Equal(netip.MustParseAddr("10.24.3.20")))
	g.Expect(s.address(simulator.Place{Network: "receivers", Host: 20})).To(Equal(netip.MustParseAddr("10.24.4.20")))
	g.Expect(s.address(simulator.Place{Network: "services", Host: 10})).To(Equal(netip.MustParseAddr("10.24.3.10")))
}
