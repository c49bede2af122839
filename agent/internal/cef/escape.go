package cef

import (
	"unicode/utf8"
)

// Escaping, as the CEF guide has it: in the header a backslash before '|' and
// '\', in the extension before '=' and '\'. In the extension a line feed and a
// carriage return become the two characters \n and \r. Every other control
// character (and in the header those two as well) becomes a space: C0 and DEL,
// the C1 range, and the line and paragraph separators, since receivers take
// one or the other for the end of a line. Each byte that is not UTF-8 becomes
// U+FFFD.

// kinds of characters
const (
	plain    = iota
	both     // escaped everywhere
	header   // escaped in the header
	value    // escaped in the extension
	control  // U+0000 to U+001F, U+007F
	nonASCII // to be looked at as a rune
)

// kindOf has the kind of each byte.
var kindOf = func() (kinds [256]uint8) {
	for c := range kinds {
		switch {
		case c < 0x20 || c == 0x7f:
			kinds[c] = control
		case c >= utf8.RuneSelf:
			kinds[c] = nonASCII
		}
	}
	kinds['\\'], kinds['|'], kinds['='] = both, header, value
	return kinds
}()

func appendHeaderValue(dst []byte, s string) []byte { return appendEscaped(dst, s, header) }

func appendValue(dst []byte, s string) []byte { return appendEscaped(dst, s, value) }

// appendEscaped copies s in runs of what may stand as it is.
func appendEscaped(dst []byte, s string, place uint8) []byte {
	done := 0
	for i := 0; i < len(s); {
		kind, width := kindOf[s[i]], 1
		if kind == nonASCII {
			kind, width = kindOfRune(s[i:])
		}
		if kind == plain || (kind == header || kind == value) && kind != place {
			i += width
			continue
		}
		dst = append(dst, s[done:i]...)
		switch {
		case kind == nonASCII:
			dst = append(dst, "\uFFFD"...)
		case kind != control:
			dst = append(dst, '\\', s[i])
		case s[i] == '\n' && place == value:
			dst = append(dst, `\n`...)
		case s[i] == '\r' && place == value:
			dst = append(dst, `\r`...)
		default:
			dst = append(dst, ' ')
		}
		i += width
		done = i
	}
	return append(dst, s[done:]...)
}

// kindOfRune returns plain or control for the character that s begins with,
// nonASCII when it begins with none.
func kindOfRune(s string) (kind uint8, width int) {
	c, width := utf8.DecodeRuneInString(s)
	switch {
	case c == utf8.RuneError && width == 1:
		return nonASCII, 1
	case c <= 0x9f || c == '\u2028' || c == '\u2029':
		return control, width
	}
	return plain, width
}

// appendSystemName appends a host name as RFC 5424, section 6.2.4, allows it:
// printable ASCII without spaces, at most 255; what is not becomes '-'.
func appendSystemName(dst []byte, name string) []byte {
	const most = 255
	for i, c := range name {
		switch {
		case i >= most:
			return dst
		case c > ' ' && c < 0x7f:
			dst = append(dst, byte(c))
		default:
			dst = append(dst, '-')
		}
	}
	return dst
}
