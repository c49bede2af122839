package simulator

import (
	"flag"
	"fmt"
	"runtime"
	"testing"
	"time"

	"siemdrill/agent"
	"siemdrill/agent/console"
	"siemdrill/fakecas"
)

// TestBenchmarks is "make bench". It is a test because only a test can have a
// bubble; it runs when benchmarks are asked for.
func TestBenchmarks(t *testing.T) {
	if flag.Lookup("test.bench").Value.String() == "" {
		t.Skip("benchmarks were not asked for (-bench)")
	}
	for _, c := range []struct {
		name       string
		activities int // an hour
	}{{"Idle", 0}, {"AnActivityAMinute", 60}, {"AHundredActivitiesAMinute", 6000}} {
		result := testing.Benchmark(func(b *testing.B) { benchmarkVirtualHours(t, b, c.activities) })
		fmt.Printf("BenchmarkVirtualHours/%s\t%s\n", c.name, result)
	}
}

// benchmarkVirtualHours lets an agent live for 12 virtual hours: contact every
// 60 s, pulls every 30 s, all over HTTPS, and lines over TCP.
func benchmarkVirtualHours(t *testing.T, b *testing.B, activities int) {
	const hours = 12
	requests := 0
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range b.N {
		Bubble(t, func() {
			lab, err := NewLab(1)
			if err != nil {
				t.Fatal(err)
			}
			defer lab.Close()
			if err := startDefaultAgent(lab); err != nil {
				t.Fatal(err)
			}
			for range hours * 60 {
				if n := activities / 60; n > 0 {
					lab.CAS.Tenant().AddActivities(n, fakecas.Spread{})
				}
				lab.Advance(time.Minute)
			}
			for _, e := range lab.History.Events() {
				if e.Source == FromCAS && e.Kind == fakecas.KindRequest {
					requests++
				}
			}
		})
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(hours*b.N)/b.Elapsed().Seconds(), "virtual-h/s")
	b.ReportMetric(float64(requests)/float64(b.N), "requests/op")
	b.ReportMetric(float64(after.Mallocs-before.Mallocs)/float64(requests), "allocs/request")
}

func startDefaultAgent(lab *Lab) error {
	config := console.DefaultConfiguration()
	config.Remote = Receiver(console.TCP)
	if err := lab.ConfigureAgent(defaultAgent, config, agent.Settings{}); err != nil {
		return err
	}
	return lab.StartAgent(defaultAgent, AgentStart{})
}
