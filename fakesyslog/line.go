package fakesyslog

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"unicode/utf8"
)

// Line is one message as it was read. Its byte slices point into the message
// and are as they were on the wire, escapes included. A Line may be reused.
type Line struct {
	PRI    int // facility and severity (RFC 5424, section 6.2.1); -1 when absent
	Stamp  Stamp
	System []byte // the optional system name
	CEF    CEF

	Deviations []Deviation // the first 100, in order of offset within header, CEF header and extension

	raw         []byte
	unlisted    int  // deviations beyond those
	keepControl bool // a control character is none
}

// A line of nothing but deviations, keys or id must not fill the memory of who
// reads it.
const (
	maxDeviations = 100
	maxFields     = 256 // keys of an extension: documented are 22
	maxID         = 256 // bytes of an event's id: generated ones have 56 at most
)

// ParseLine reads a line of the documented shape:
//
//	[<PRI>]TIMESTAMP [SYSTEM-NAME ]CEF:0|MCAS|SIEM_Agent|VERSION|CLASS|NAME|SEVERITY|EXTENSION
//
// or with a whole syslog header of RFC 5424 or RFC 3164 before the CEF part. It
// never fails: what is not as documented is in Deviations, and what could
// be read nevertheless is in the other fields.
func ParseLine(raw []byte) *Line {
	l := new(Line)
	l.Parse(raw)
	return l
}

// Parse reads another line into l; see ParseLine. The slices of l point into
// raw.
func (l *Line) Parse(raw []byte) {
	l.PRI = -1
	l.Stamp = Stamp{}
	l.System = nil
	l.CEF.reset()
	l.Deviations, l.unlisted = l.Deviations[:0], 0
	l.raw = raw
	if len(raw) == 0 {
		l.deviate(0, "an empty message")
		return
	}
	l.checkText()
	n, ok := l.readPRI()
	if !ok {
		return
	}
	start := l.readHeader(n)
	if start < 0 {
		return
	}
	l.readCEF(start)
}

// readHeader reads what stands between the PRI and the CEF part and returns
// where the latter starts, or -1.
func (l *Line) readHeader(at int) int {
	if l.PRI < 0 || !hasVersion(l.raw[at:]) {
		return l.readSystem(l.readStamp(at))
	}
	at = l.read5424()
	if at < 0 {
		return -1
	}
	start := bytes.Index(l.raw[at:], cefStart)
	switch {
	case start < 0:
		l.deviate(at, "no CEF part: expected CEF:0|")
		return -1
	case start > 0:
		l.deviate(at, "%.60q between the header and the CEF part: expected nothing", l.raw[at:at+start])
	}
	return at + start
}

// ID is the event's id, CEF externalId, or "".
func (l *Line) ID() []byte { return l.CEF.id }

func (l *Line) deviate(offset int, format string, args ...any) {
	if len(l.Deviations) == maxDeviations {
		l.unlisted++
		return
	}
	l.Deviations = append(l.Deviations, Deviation{offset, fmt.Sprintf(format, args...)})
}

// checkText finds control characters and bytes that are not UTF-8. Nothing
// documented has either: a line break inside a value is escaped.
func (l *Line) checkText() {
	if i := control(l.raw); i >= 0 && !l.keepControl {
		l.deviate(i, "control character %#02x", l.raw[i])
	}
	if !utf8.Valid(l.raw) {
		i := 0
		for i < len(l.raw) {
			r, n := utf8.DecodeRune(l.raw[i:])
			if r == utf8.RuneError && n == 1 {
				break
			}
			i += n
		}
		l.deviate(i, "not UTF-8: byte %#02x", l.raw[i])
	}
}

// control returns where the first control character is, or -1. Eight bytes at
// a time: a byte below 0x20 borrows into its highest bit.
func control(p []byte) int {
	const low, high, del = 0x2020202020202020, 0x8080808080808080, 0x7f7f7f7f7f7f7f7f
	i := 0
	for ; i+8 <= len(p); i += 8 {
		v := binary.LittleEndian.Uint64(p[i:])
		x := v ^ del
		if ((v-low)&^v|(x-high>>7)&^x)&high != 0 {
			break
		}
	}
	for ; i < len(p); i++ {
		if p[i] < 0x20 || p[i] == 0x7f {
			return i
		}
	}
	return -1
}

// readPRI reads an optional <PRI> and returns where the rest starts; false
// means that its end can't be found.
func (l *Line) readPRI() (int, bool) {
	p := l.raw
	if p[0] != '<' {
		return 0, true
	}
	end := bytes.IndexByte(p[:min(len(p), 5)], '>')
	if end < 0 {
		l.deviate(0, "a PRI that does not end: expected <0> to <191>")
		return 0, false
	}
	n := digits(p[1:end])
	if end == 1 || n < 0 || n > 191 || end > 2 && p[1] == '0' {
		l.deviate(1, "PRI %q: expected 0 to 191 without leading zeros", p[1:end])
		return end + 1, true
	}
	l.PRI = n
	return end + 1, true
}

// readStamp reads the time and the space after it.
func (l *Line) readStamp(at int) int {
	t, n := readStamp(l.raw[at:])
	if n == 0 {
		l.deviate(at, "no time of a documented format: expected RFC 5424, RFC 3164 or RFC 3164 with year")
		return at
	}
	l.Stamp = t
	if at += n; at == len(l.raw) || l.raw[at] != ' ' {
		l.deviate(at, "expected one space after the time")
		return at
	}
	return at + 1
}

var cefStart = []byte("CEF:")

// readSystem reads the optional system name and returns where the CEF part
// starts, or -1.
func (l *Line) readSystem(at int) int {
	p := l.raw[at:]
	if bytes.HasPrefix(p, cefStart) {
		return at
	}
	start := bytes.Index(p, cefStart)
	if start < 0 {
		l.deviate(at, "no CEF part: expected CEF:0|")
		return -1
	}
	if l.PRI >= 0 && hasTag(p[:start]) {
		l.read3164()
		return at + start
	}
	space := bytes.IndexByte(p[:start], ' ')
	if space != start-1 || space == 0 || space > 255 {
		l.deviate(at, "%.60q before the CEF part: expected one system name of up to 255 characters and one space", p[:start])
	} else {
		l.System = p[:space]
	}
	return at + start
}
