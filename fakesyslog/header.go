package fakesyslog

import (
	"bytes"

	syslog "github.com/leodido/go-syslog/v4"
	"github.com/leodido/go-syslog/v4/rfc3164"
	"github.com/leodido/go-syslog/v4/rfc5424"
)

// The two parsers validate messages that carry a whole syslog header, as
// logger(1) and other senders write one; the documented line has none. They are
// used on one framed message at a time.
var (
	parse5424 = func(raw []byte) (syslog.Message, error) {
		return rfc5424.NewParser(rfc5424.WithBestEffort()).Parse(raw)
	}
	parse3164 = func(raw []byte) (syslog.Message, error) {
		return rfc3164.NewParser(rfc3164.WithBestEffort()).Parse(raw)
	}
)

// read5424 reads a header of RFC 5424, section 6, and returns where the
// message starts, or -1.
func (l *Line) read5424() int {
	m, err := parse5424(l.raw)
	if err != nil {
		l.deviate(0, "RFC 5424 header: %v", err)
	}
	sm, ok := m.(*rfc5424.SyslogMessage)
	if !ok || sm == nil {
		return -1
	}
	if sm.Hostname != nil {
		l.System = []byte(*sm.Hostname)
	}
	if sm.Timestamp != nil {
		l.Stamp = stampOf(*sm.Timestamp)
	}
	if sm.Message == nil {
		return -1
	}
	at := len(l.raw) - len(*sm.Message)
	if bytes.HasPrefix(l.raw[at:], []byte("\ufeff")) { // section 6.4: a BOM says that UTF-8 follows
		at += len("\ufeff")
	}
	return at
}

// read3164 checks a header of RFC 3164, section 4.1, that has a tag, and keeps
// its host name.
func (l *Line) read3164() {
	m, err := parse3164(l.raw)
	if err != nil {
		l.deviate(0, "RFC 3164 header: %v", err)
	}
	if sm, ok := m.(*rfc3164.SyslogMessage); ok && sm != nil && sm.Hostname != nil {
		l.System = []byte(*sm.Hostname)
	}
}

// hasVersion says whether a version of RFC 5424 follows the PRI.
func hasVersion(p []byte) bool { return len(p) > 1 && p[0] == '1' && p[1] == ' ' }

// hasTag says whether what stands between time and message is a host name and
// a tag with a colon (RFC 3164, section 4.1.3 and its examples).
func hasTag(p []byte) bool {
	words := bytes.Fields(p)
	return len(words) == 2 && bytes.HasSuffix(words[1], []byte(":")) && bytes.HasSuffix(p, []byte(" "))
}
