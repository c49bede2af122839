package network

import (
	"context"
	"net/netip"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

func TestBadAddressesGetOneClearLine(t *testing.T) {
	n := New()
	h := n.AddHost("host", "10.0.0.1")
	for _, x := range []struct{ network, address, want string }{
		{"tcp", "", "missing port in address"},
		{"tcp", "host", "address host: missing port in address"},
		{"tcp", "host:", "address host:: invalid port"},
		{"tcp", "host:syslog", "address host:syslog: invalid port"},
		{"tcp", "host:65536", "address host:65536: invalid port"},
		{"tcp", "host:-1", "address host:-1: invalid port"},
		{"tcp", "fd00::1:80", "address fd00::1:80: too many colons in address"},
		{"tcp", "no.such:80", "lookup no.such: no such host"},
		{"tcp6", "host:80", "address host: no suitable address found"},
		{"unix", "host:80", "unknown network unix"},
		{"", "host:80", "unknown network "},
		{"tcp44", "host:80", "unknown network tcp44"},
	} {
		_, err := h.Dial(t.Context(), x.network, x.address)
		g := NewWithT(t)
		g.Expect(err).To(MatchError(HaveSuffix(x.want)), "dial %q %q", x.network, x.address)
		_, err = h.Listen(t.Context(), x.network, x.address)
		g.Expect(err).To(MatchError(HaveSuffix(x.want)), "listen %q %q", x.network, x.address)
	}
}

func TestSettingUpWithABadAddressPanics(t *testing.T) {
	g, n := NewWithT(t), New()
	g.Expect(func() { n.AddHost("host", "10.0.0.256") }).To(Panic())
	g.Expect(func() { n.SetName("name", "host") }).To(Panic())
	g.Expect(func() { n.SetPath("", "10.0.0.1", Path{}) }).To(Panic())
	n.AddHost("usable", "10.0.0.1") // no lock was left behind
}

func TestBindings(t *testing.T) {
	g := NewWithT(t)
	at := func(s string, dual bool) binding { return binding{netip.MustParseAddrPort(s), dual} }
	all, v4, v6, one := at("[::]:80", true), at("0.0.0.0:80", false), at("[::]:80", false), at("10.0.0.1:80", false)
	for _, x := range []struct {
		a, b binding
		want bool
	}{
		{all, v4, true}, {all, v6, true}, {all, one, true},
		{v4, v6, false}, {v4, one, true}, {v6, one, false},
		{one, at("10.0.0.2:80", false), false}, {one, at("10.0.0.1:81", false), false}, {one, one, true},
	} {
		g.Expect(x.a.overlaps(x.b)).To(Equal(x.want), "%v and %v", x.a, x.b)
		g.Expect(x.b.overlaps(x.a)).To(Equal(x.want), "%v and %v", x.b, x.a)
	}
}

func FuzzDialAddress(f *testing.F) {
	for _, s := range []string{"host:80", "[::1]:9", ":80", "10.0.0.1:0", "[fe80::1%eth0]:1", "a:b:c", "[::ffff:10.0.0.1]:80", "\x00:1"} {
		f.Add("tcp", s)
	}
	f.Add("udp6", "localhost:1")
	f.Fuzz(func(t *testing.T, network, address string) {
		h := New().AddHost("host", "10.0.0.1")
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		c, err := h.Dial(ctx, network, address)
		if err == nil && !strings.HasPrefix(network, "udp") {
			t.Errorf("connected to %v, though nothing listens", c.RemoteAddr())
		}
		if l, err := h.Listen(ctx, network, address); err == nil {
			l.Close()
		}
	})
}
