package cef

import (
	"time"

	"siemdrill/agent/console"
)

// appendTime appends the time of the record in UTC. The vendor's examples have
// two digits for the day in all formats, where RFC 3164, section 4.1.2, has a
// space before a single one; the examples are followed.
func appendTime(dst []byte, f console.TimeFormat, ms int64) []byte {
	layout := "2006-01-02T15:04:05.000Z"
	switch f {
	case console.RFC3164:
		layout = "Jan 02 15:04:05"
	case console.RFC3164WithYear:
		layout = "Jan 02 2006 15:04:05"
	}
	return time.UnixMilli(ms).UTC().AppendFormat(dst, layout)
}
