//go:build !linux

package load

// peakOf is not known.
func peakOf(int) int64 { return 0 }

// residentOf is not known.
func residentOf(int) int64 { return 0 }
