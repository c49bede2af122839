package syslog

import (
	"strconv"
	"unicode/utf8"
)

// Framing is how one message is told from the next on a stream.
type Framing int

// The framings of RFC 6587.
const (
	NonTransparent Framing = iota // section 3.4.2: a line feed after each message
	OctetCounting                 // section 3.4.1: its length and a space before it
)

// AppendFrame appends the frame of line to dst. A line of more than maxSize
// bytes is cut, at the start of a character, so that what is left is still
// UTF-8; 0 means no limit. The line must not contain a line feed.
func (f Framing) AppendFrame(dst, line []byte, maxSize int) []byte {
	line = cut(line, maxSize)
	if f == OctetCounting {
		dst = strconv.AppendInt(dst, int64(len(line)), 10)
		dst = append(dst, ' ')
		return append(dst, line...)
	}
	dst = append(dst, line...)
	return append(dst, '\n')
}

func cut(line []byte, maxSize int) []byte {
	if maxSize <= 0 || len(line) <= maxSize {
		return line
	}
	n := maxSize
	for n > 0 && n > maxSize-utf8.UTFMax && !utf8.RuneStart(line[n]) {
		n--
	}
	return line[:n]
}
