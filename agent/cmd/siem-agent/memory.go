package main

import (
	"math"
	"os"
	"runtime/debug"
)

// The agent's own need is some 20 MiB, mostly records on their way, and short
// of 64 MiB there is no reason to save: rubbish may grow to twice what is in
// use, and at the limit the collector works harder.
const (
	memoryLimit = 48 << 20
	rubbish     = 200 // percent
)

// limitMemory sets both, unless the environment's GOMEMLIMIT or GOGC do.
func limitMemory() {
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(memoryLimit)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(rubbish)
	}
}
