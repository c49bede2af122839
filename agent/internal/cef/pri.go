package cef

import (
	"strconv"

	"siemdrill/agent/internal/cas"
)

// facility is local0 (RFC 5424, section 6.2.1, table 1): one of those set
// aside for local use, so that a receiver can route these lines by facility
// and no rule for its own daemons or kernel applies to them.
const facility = 16

// appendPRI appends facility and severity (RFC 5424, section 6.2.1, table 2).
// Emergency, alert and critical are left out on purpose: receivers write those
// to every terminal or page someone, and the service's alerts are no failure
// of the receiver's machine.
func appendPRI(dst []byte, s cas.Severity) []byte {
	severity := int64(6) // informational
	switch s {
	case cas.Low:
		severity = 5 // notice
	case cas.Medium:
		severity = 4 // warning
	case cas.High:
		severity = 3 // error
	}
	dst = append(dst, '<')
	dst = strconv.AppendInt(dst, facility*8+severity, 10)
	return append(dst, '>')
}
