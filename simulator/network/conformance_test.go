package network

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// behaviour is something that a program can see of a network. want is what
// both worlds show. If the kernel may show something else as well, kernel says
// what, and why it is not worth imitating.
type behaviour struct {
	name   string
	want   string
	play   func(t *testing.T, w world) string
	kernel difference
}

type difference struct {
	also []string
	why  string
}

func behaviours() []behaviour {
	return slices.Concat(dialling, listening, closing, resetting, flowing, datagrams)
}

func TestConformanceInMemory(t *testing.T) {
	for name, w := range map[string]struct {
		latency        time.Duration
		client, server string
	}{
		"250us":    {250 * time.Microsecond, "10.0.0.1", "10.0.0.2"},
		"2ms":      {2 * time.Millisecond, "10.0.0.1", "10.0.0.2"},
		"ipv6":     {0, "fd00::1", "fd00::2"},
		"loopback": {0, "10.0.0.1", "127.0.0.1"},
	} {
		for _, b := range behaviours() {
			t.Run(name+"/"+b.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					m := inMemory(t, w.latency, w.client, w.server)
					if name == "loopback" {
						m.b = m.a
					}
					NewWithT(t).Expect(b.play(t, m)).To(Equal(b.want))
				})
			})
		}
	}
}
