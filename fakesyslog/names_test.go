package fakesyslog

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"testing"

	. "github.com/onsi/gomega"
)

// resolver asks the server at address only.
func resolver(address string) *net.Resolver {
	return &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "udp", address)
	}}
}

func TestNameFaults(t *testing.T) {
	var dns *net.DNSError
	for _, c := range []struct {
		fault string
		args  map[string]string
		check func(Gomega, []netip.Addr, error)
	}{
		{"", nil, func(g Gomega, addrs []netip.Addr, err error) {
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(addrs).To(ConsistOf(netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")))
		}},
		{"name-unknown", nil, func(g Gomega, _ []netip.Addr, err error) {
			g.Expect(errors.As(err, &dns) && dns.IsNotFound).To(BeTrue(), "%v", err)
		}},
		{"name-failing", nil, func(g Gomega, _ []netip.Addr, err error) {
			g.Expect(errors.As(err, &dns) && dns.IsTemporary).To(BeTrue(), "%v", err)
		}},
		{"name-silent", nil, func(g Gomega, _ []netip.Addr, err error) {
			g.Expect(errors.As(err, &dns) && dns.IsTimeout).To(BeTrue(), "%v", err)
		}},
		{"name-stale", args("address", "127.0.0.2"), func(g Gomega, addrs []netip.Addr, err error) {
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(addrs).To(Equal([]netip.Addr{netip.MustParseAddr("127.0.0.2")}))
		}},
	} {
		t.Run(c.fault, func(t *testing.T) {
			g := NewWithT(t)
			s := &Server{}
			defer s.Close()
			addr, err := s.StartNames("127.0.0.1:0", map[string][]netip.Addr{
				"Siem.example.": {netip.MustParseAddr("127.0.0.1"), netip.MustParseAddr("::1")}})
			g.Expect(err).NotTo(HaveOccurred())
			if c.fault != "" {
				inject(t, s, Fault{Name: c.fault, Args: c.args})
			}
			ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
			defer cancel()
			addrs, err := resolver(addr.String()).LookupNetIP(ctx, "ip", "siem.example.")
			for i := range addrs {
				addrs[i] = addrs[i].Unmap()
			}
			c.check(g, addrs, err)
		})
	}
}

func TestOtherNamesDoNotExistAndRefuseLeavesNamesAlone(t *testing.T) {
	g := NewWithT(t)
	s := &Server{}
	defer s.Close()
	addr, err := s.StartNames("127.0.0.1:0", nil)
	g.Expect(err).NotTo(HaveOccurred())
	inject(t, s, Fault{Name: "refuse"})
	_, err = resolver(addr.String()).LookupNetIP(t.Context(), "ip", "other.example.")
	var dns *net.DNSError
	g.Expect(errors.As(err, &dns) && dns.IsNotFound).To(BeTrue(), "%v", err)
	g.Expect(Fault{Name: "name-stale"}.Validate()).To(MatchError(ContainSubstring("argument address is")))
}
