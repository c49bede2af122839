package syslog

import "time"

// Clock is where waits come from.
type Clock interface {
	Now() time.Time
	AfterFunc(d time.Duration, f func()) (stop func() bool)
	Busy(n int)
}
