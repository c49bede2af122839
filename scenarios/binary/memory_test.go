//go:build linux

package binary_test

import (
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
)

const mib = 1 << 20

// The receiver takes the connection and reads nothing, and a backlog waits; then
// it reads all of it. The agent holds a few pages all the while.
func TestMemoryIsBounded(t *testing.T) {
	const most = 64 * mib
	g := NewWithT(t)
	records := size("SIEMDRILL_BACKLOG", 100_000)
	reads, held := make(chan struct{}), make(chan struct{}, 1)
	receiver := newSink(t, records)
	receiver.reads = reads
	s, a := service(t, receiver.Addr().String(), func(s *fakecas.Server) {
		s.Hook = func(e fakecas.Event) {
			if e.Kind == fakecas.KindNotificationRaised && strings.HasPrefix(e.Detail, "data-server-send-error") {
				select {
				case held <- struct{}{}:
				default:
				}
			}
		}
	})
	s.Tenant().AddRecords(fakecas.Activity, records, fakecas.Spread{Ago: time.Hour, Over: 40 * time.Hour})
	p := newRunner(t, s, a, map[string]any{"stallAfter": "1s"}).start()
	select {
	case <-held:
	case <-time.After(2 * time.Minute):
		t.Fatal("the agent did not say that the receiver stalls: " + p.printed.String())
	}
	now, peak := p.resident()
	t.Logf("%d records wait: %.1f MiB resident, %.1f at most", records, float64(now)/mib, float64(peak)/mib)
	g.Expect(peak).To(BeNumerically("<=", most))

	close(reads)
	select {
	case <-receiver.done:
	case <-time.After(5 * time.Minute):
		t.Fatal("not all lines came: " + p.printed.String())
	}
	now, peak = p.resident()
	t.Logf("all are sent: %.1f MiB resident, %.1f at most", float64(now)/mib, float64(peak)/mib)
	g.Expect(peak).To(BeNumerically("<=", most))
}
