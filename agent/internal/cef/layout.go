package cef

import (
	"siemdrill/agent/console"
)

// DefaultVersion is the VERSION of the CEF header when a Layout names none:
// that of the newest lines that the vendor has printed.
const DefaultVersion = "0.112.68"

// Layout is how lines look. The zero value is Generic CEF with RFC 5424 time,
// no PRI and no system name. A Layout may be used by several goroutines.
type Layout struct {
	// Format is the portal's SIEM format. No difference between the two is
	// documented, and the one printed line from a test of ArcSight has the form
	// of the others, so both give the same bytes. That is assumed; a difference
	// that turns up belongs here.
	Format     console.Format
	TimeFormat console.TimeFormat
	IncludePRI bool
	SystemName string // "" = none
	Version    string // VERSION of the CEF header; "" = DefaultVersion
	Portal     string // base of links, such as https://contoso.portal.cloudappsecurity.com/#
}
