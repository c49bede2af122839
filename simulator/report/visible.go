package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// longest is how many bytes of one text the page shows.
const longest = 4000

// visible is s as a page may show it: what has no shape of its own, or would
// change the direction of what follows, is written as an escape, so that a
// hostile line can't pretend to be another.
func visible(s string) string {
	left := 0
	if len(s) > longest {
		cut := longest
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s, left = s[:cut], len(s)-cut
	}
	if strings.IndexFunc(s, hidden) < 0 && utf8.ValidString(s) {
		return s + more(left)
	}
	var b strings.Builder
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case !hidden(r):
			b.WriteRune(r)
		case r < 0x80:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String() + more(left)
}

// visibleLines is a text of several lines as a page may show it.
func visibleLines(s string) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		lines[i] = visible(line)
	}
	return strings.Join(lines, "\n")
}

func hidden(r rune) bool { return r != ' ' && !unicode.IsPrint(r) }

func more(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(" … (%d bytes more)", n)
}
