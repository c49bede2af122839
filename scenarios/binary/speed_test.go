//go:build linux

package binary_test

import (
	"syscall"
	"testing"
	"time"

	"siemdrill/fakecas"
)

// BenchmarkForward is a backlog from the API's first page to the confirmation
// of its last line: the service over TLS, the agent and a bare receiver, each
// on the same cores. Agent-CPU-s/M is what the agent alone uses for a million,
// rest-CPU-s/M what the service and the receiver use: where other work shares
// the cores, these say more than the rate.
func BenchmarkForward(b *testing.B) {
	const records = 1_000_000
	for b.Loop() {
		b.StopTimer()
		receiver := newSink(b, records)
		s, a := service(b, receiver.Addr().String())
		s.Tenant().AddRecords(fakecas.Activity, records, fakecas.Spread{Ago: time.Hour, Over: 40 * time.Hour})
		p := newRunner(b, s, a, nil).start()
		b.StartTimer()
		began, before := time.Now(), ownCPU()
		<-receiver.done
		b.StopTimer()
		took, rest := time.Since(began), ownCPU()-before
		_, most := p.resident()
		p.kill()
		b.ReportMetric(records/took.Seconds(), "activities/s")
		b.ReportMetric(p.cpu().Seconds()*1e6/records, "agent-CPU-s/M")
		b.ReportMetric(rest.Seconds()*1e6/records, "rest-CPU-s/M")
		b.ReportMetric(float64(most)/(1<<20), "agent-MiB")
		s.Close()
		b.StartTimer()
	}
}

// ownCPU is what this process has used so far: the service and the receiver.
func ownCPU() time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		return 0
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
