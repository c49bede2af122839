package cas

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The strings of a JSON text.

// raw steps over a string and returns what is between its quotes, escapes as
// they stand, and whether there are any and whether it is ASCII. It looks at
// eight bytes at once.
func (r *reader) raw() (between []byte, escaped, ascii bool) {
	text, start := r.text, r.at+1
	ascii = true
	for at := start; ; at++ {
		for at+8 <= len(text) {
			found := remarkable(binary.LittleEndian.Uint64(text[at:]))
			if found != 0 {
				at += bits.TrailingZeros64(found) / 8
				break
			}
			at += 8
		}
		for at >= len(text) {
			if !r.more() {
				r.at = len(text)
				r.fail("'\"'")
				return nil, false, false
			}
			text = r.text
		}
		switch c := text[at]; {
		case c == '"':
			r.at = at + 1
			return text[start:at], escaped, ascii
		case c == '\\':
			escaped = true
			at++ // and over what is escaped, which may be a quote
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
}

// remarkable has the high bit set in each byte of x that is a quote, a
// backslash or not ASCII, up to the first of them; those after it may be wrong.
func remarkable(x uint64) uint64 {
	const each, high = 0x0101010101010101, 0x8080808080808080
	quote, slash := x^('"'*each), x^('\\'*each)
	return ((quote-each)&^quote | (slash-each)&^slash | x) & high
}

// bytes returns a string's content, valid until the next call; invalid UTF-8
// becomes U+FFFD. What is not a string is stepped over and gives nil.
func (r *reader) bytes() []byte {
	if r.fault != nil || r.next() != '"' {
		r.skip()
		return nil
	}
	between, escaped, ascii := r.raw()
	if escaped {
		r.scratch = unescape(r.scratch[:0], between)
		between = r.scratch
	}
	if !ascii && !utf8.Valid(between) {
		between = bytes.ToValidUTF8(between, []byte("\uFFFD"))
	}
	return between
}

// plain returns a string of its own.
func (r *reader) plain() string { return string(r.bytes()) }

// recurring is text for values of which a page has few different ones.
func (r *reader) recurring() string {
	b := r.bytes()
	if s, known := r.strings[string(b)]; known {
		return s
	}
	s := string(b)
	if r.strings == nil {
		r.strings = make(map[string]string)
	}
	if len(r.strings) < maxRecurring && len(s) <= 256 {
		r.strings[s] = s
	}
	return s
}

// maxRecurring bounds what one page keeps of its strings.
const maxRecurring = 10_000

// unescape appends s to out and resolves the escapes of RFC 8259, section 7. One
// that is none stays as it is, and half a surrogate pair becomes U+FFFD.
func unescape(out, s []byte) []byte {
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			out = append(out, s[i])
			continue
		}
		i++
		if plain := strings.IndexByte(`"\/bfnrt`, s[i]); plain >= 0 {
			out = append(out, "\"\\/\b\f\n\r\t"[plain])
			continue
		}
		c, ok := hex4(s[i:])
		if !ok {
			out = append(out, '\\', s[i])
			continue
		}
		i += 4
		if utf16.IsSurrogate(c) {
			low, ok := rune(0), false
			if i+2 < len(s) && s[i+1] == '\\' {
				low, ok = hex4(s[i+2:])
			}
			if c = utf16.DecodeRune(c, low); ok && c != utf8.RuneError {
				i += 6
			}
		}
		out = utf8.AppendRune(out, c)
	}
	return out
}

// hex4 reads what follows the backslash of a \u escape: the u and four digits
// (RFC 8259, section 7).
func hex4(s []byte) (rune, bool) {
	if len(s) < 5 || s[0] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(string(s[1:5]), 16, 16)
	return rune(n), err == nil
}
