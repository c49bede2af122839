package load

import (
	"bytes"
	"fmt"
	"os"
)

// peakOf is the most memory that a process has had resident, in bytes; 0: it is
// gone. It is asked while the process runs (proc(5), VmHWM), since what
// getrusage(2) says of a child counts the memory of the parent it was forked
// from.
func peakOf(process int) int64 { return statusOf(process, "VmHWM:") }

// residentOf is what it has resident now.
func residentOf(process int) int64 { return statusOf(process, "VmRSS:") }

func statusOf(process int, key string) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if err != nil {
		return 0
	}
	var kib int64
	if _, after, ok := bytes.Cut(text, []byte(key)); ok {
		_, _ = fmt.Sscan(string(after), &kib) // 0 says that it isn't known
	}
	return kib << 10
}
