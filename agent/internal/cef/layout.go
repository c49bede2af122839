// Package cef turns a record into one line.
package cef

import (
	"siemdrill/agent/console"
	"siemdrill/agent/internal/cas"
)

// DefaultVersion is the VERSION of the CEF header when a Layout names none:
// that of the newest lines that the vendor has printed.
const DefaultVersion = "0.112.68"

// Layout is how lines look. The zero value is Generic CEF with RFC 5424 time,
// no PRI and no system name.
type Layout struct {
	Format     console.Format
	TimeFormat console.TimeFormat
	IncludePRI bool
	SystemName string // "" = none
	Version    string // VERSION of the CEF header; "" = DefaultVersion
	Portal     string // base of links, such as https://contoso.portal.cloudappsecurity.com/#
}

// AppendLine appends the line of r to dst, without a newline at its end.
func (l Layout) AppendLine(dst []byte, r *cas.Record) []byte { return dst }
