package binary_test

import (
	"testing"
	"time"

	"siemdrill/fakecas"
)

// BenchmarkForward is a backlog from the API's first page to the confirmation
// of its last line: the service over TLS, the agent and a bare receiver, each
// on the same cores. Agent-CPU-s/M is what the agent alone uses for a million.
func BenchmarkForward(b *testing.B) {
	const records = 1_000_000
	for b.Loop() {
		b.StopTimer()
		receiver := newSink(b, records)
		s, a := service(b, receiver.Addr().String())
		s.Tenant().AddRecords(fakecas.Activity, records, fakecas.Spread{Ago: time.Hour, Over: 40 * time.Hour})
		p := newRunner(b, s, a, nil).start()
		b.StartTimer()
		began := time.Now()
		<-receiver.done
		b.StopTimer()
		took := time.Since(began)
		_, most := p.resident()
		p.kill()
		b.ReportMetric(records/took.Seconds(), "activities/s")
		b.ReportMetric(p.cpu().Seconds()*1e6/records, "agent-CPU-s/M")
		b.ReportMetric(float64(most)/(1<<20), "agent-MiB")
		s.Close()
		b.StartTimer()
	}
}
