package simulator

import (
	"regexp"
	"strings"
	"time"
)

// The times that logs and messages have: RFC 3339, with a space and without a
// zone too, and the two formats of RFC 3164 that the vendor documents.
var (
	rfc3339Like = regexp.MustCompile(`\b(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:\d\d)?`)
	rfc3164Like = regexp.MustCompile(`\b(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) ( ?\d{1,2}) (?:(\d{4}) )?(\d\d:\d\d:\d\d)`)
)

// lineTime is the first time in a line. One without a year has that of the line
// before, or the next one if it would lie half a year behind.
func lineTime(line string, before time.Time) (time.Time, bool) {
	if m := rfc3339Like.FindStringSubmatch(line); m != nil {
		text, zone := m[1]+"T"+m[2], m[4]
		if m[3] != "" {
			text += "." + m[3]
		}
		if zone == "" {
			zone = "Z"
		}
		t, err := time.Parse(time.RFC3339, text+zone)
		return t, err == nil
	}
	m := rfc3164Like.FindStringSubmatch(line)
	if m == nil {
		return time.Time{}, false
	}
	year := m[3]
	if year == "" {
		year = before.Format("2006")
	}
	t, err := time.Parse("Jan 2 2006 15:04:05", m[1]+" "+strings.TrimSpace(m[2])+" "+year+" "+m[4])
	if m[3] == "" && before.Sub(t) > 183*24*time.Hour {
		t = t.AddDate(1, 0, 0)
	}
	return t, err == nil
}
