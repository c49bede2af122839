package fakesyslog

import "fmt"

// Malformed is what a receiver does with a line that deviates.
type Malformed int

const (
	RejectMalformed Malformed = iota // books it as rejected
	TakeMalformed                    // books it as parsed, as receivers do that store what they get
	CloseMalformed                   // rejects it and closes the connection
)

// apply does with a line what the server does with one that deviates.
func (m Malformed) apply(f *frame, l *Line) {
	switch {
	case len(l.Deviations) == 0:
	case m == TakeMalformed:
		l.Deviations = l.Deviations[:0]
	case m == CloseMalformed:
		f.fatal = true
	}
}

// escapeControl writes each control character as # and three octal digits, as
// rsyslog does on reception.
func escapeControl(raw []byte) []byte {
	if control(raw) < 0 {
		return raw
	}
	escaped := make([]byte, 0, len(raw)+16)
	for _, c := range raw {
		if c < 0x20 || c == 0x7f {
			escaped = fmt.Appendf(escaped, "#%03o", c)
		} else {
			escaped = append(escaped, c)
		}
	}
	return escaped
}
