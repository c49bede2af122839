package fakecas

import (
	"strconv"
	"time"
	"unicode/utf8"
)

// fields writes the members of a JSON object, each with a comma before it when
// needed. It exists because a page of records is written at a rate where
// reflection would be most of the cost.
type fields []byte

func (f *fields) key(k string) {
	if n := len(*f); n > 0 && (*f)[n-1] != '{' && (*f)[n-1] != '[' {
		*f = append(*f, ',')
	}
	*f = append(*f, '"')
	*f = append(*f, k...)
	*f = append(*f, '"', ':')
}

func (f *fields) text(k, v string) { f.key(k); *f = appendQuoted(*f, v) }

func (f *fields) number(k string, v int64) { f.key(k); *f = strconv.AppendInt(*f, v, 10) }

func (f *fields) flag(k string, v bool) { f.key(k); *f = strconv.AppendBool(*f, v) }

// raw adds a member whose value is JSON already.
func (f *fields) raw(k, v string) { f.key(k); *f = append(*f, v...) }

func (f *fields) id(k string, r *record) {
	f.key(k)
	*f = append(*f, '"')
	*f = r.appendID(*f)
	*f = append(*f, '"')
}

func (f *fields) open(k string) { f.key(k); *f = append(*f, '{') }

func (f *fields) close() { *f = append(*f, '}') }

// item begins an object in a list.
func (f *fields) item() {
	if (*f)[len(*f)-1] != '[' {
		*f = append(*f, ',')
	}
	*f = append(*f, '{')
}

func (f *fields) list(k string) { f.key(k); *f = append(*f, '[') }

func (f *fields) end() { *f = append(*f, ']') }

// iso writes a time as the raw data of Office 365 does.
func (f *fields) iso(k string, ms int64) {
	f.key(k)
	*f = append(*f, '"')
	*f = time.UnixMilli(ms).UTC().AppendFormat(*f, "2006-01-02T15:04:05.0000000Z")
	*f = append(*f, '"')
}

// appendJSON appends the record as the API shows it.
func (r *record) appendJSON(b []byte) []byte {
	f := fields(b)
	switch {
	case r.body != nil:
		f = append(f, r.body.json...)
		if r.kind == Alert {
			f = f[:len(f)-1]
			r.appendState(&f)
			f.close()
		}
	case r.kind == Alert:
		r.appendAlert(&f)
	default:
		r.appendActivity(&f)
	}
	return f
}

// appendQuoted appends s as a JSON string. Invalid UTF-8 becomes U+FFFD.
func appendQuoted(b []byte, s string) []byte {
	b = append(b, '"')
	start := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if c >= utf8.RuneSelf && (r != utf8.RuneError || size > 1) {
			i += size
			continue
		}
		b = append(b, s[start:i]...)
		b = appendEscape(b, c)
		i += size
		start = i
	}
	b = append(b, s[start:]...)
	return append(b, '"')
}

func appendEscape(b []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(b, '\\', c)
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	if c >= utf8.RuneSelf {
		return append(b, `\ufffd`...)
	}
	return appendHex(append(b, '\\', 'u'), uint64(c), 4)
}
