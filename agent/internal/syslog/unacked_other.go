//go:build !linux

package syslog

// Unacked is not to be had from this kernel.
func (k kernelCount) Unacked() (n int, ok bool) { return 0, false }
