//go:build !linux

package fleet

import "time"

func resident() int64 { return 0 }

func cpuTime() time.Duration { return 0 }
