package main

import (
	"math"
	"runtime/debug"
)

// memoryLimit is at what size the garbage collector works harder: the agent's
// own need is well below it, and all of it stays below 64 MiB.
const memoryLimit = 52 << 20

// limitMemory sets the limit, unless the environment's GOMEMLIMIT has one.
func limitMemory() {
	if debug.SetMemoryLimit(-1) == math.MaxInt64 {
		debug.SetMemoryLimit(memoryLimit)
	}
}
