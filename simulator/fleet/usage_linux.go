package fleet

import (
	"bytes"
	"fmt"
	"os"
	"syscall"
	"time"
)

// resident is how much memory the process has resident, in bytes (proc(5),
// statm: pages); 0: not known.
func resident() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, pages int64
	_, _ = fmt.Sscan(string(bytes.TrimSpace(text)), &size, &pages) // 0 says that it isn't known
	return pages * int64(os.Getpagesize())
}

// cpuTime is the processor's time that the process has used.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
