package fakesyslog

import "fmt"

// Framing is how messages are told apart on a stream (RFC 6587).
type Framing int

const (
	NonTransparent Framing = iota // ends with LF (RFC 6587, section 3.4.2)
	NUL                           // ends with a zero byte: the other trailer that the same section names
	OctetCounting                 // begins with its length and a space (RFC 6587, section 3.4.1; RFC 5425, section 4.3)
	Guess                         // a digit begins an octet count, anything else a line that LF ends, as rsyslog has it
)

var framingNames = []string{"non-transparent", "nul", "octet-counting", "guess"}

func (f Framing) String() string {
	if f < 0 || int(f) >= len(framingNames) {
		return fmt.Sprintf("Framing(%d)", int(f))
	}
	return framingNames[f]
}
