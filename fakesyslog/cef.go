package fakesyslog

import (
	"bytes"
	"strings"
)

// CEF is the part of a line from "CEF:" on. The slices are as on the wire,
// escapes included; see Value.
type CEF struct {
	Version       []byte // of CEF: 0
	Vendor        []byte
	Product       []byte
	DeviceVersion []byte
	Class         []byte
	Name          []byte
	Severity      []byte
	Extension     []Field

	id   []byte
	keys keySet
}

// Field is one key and value of a CEF extension.
type Field struct {
	Key, Value []byte
	Offset     int // of the key, in bytes from the start of the line
}

func (c *CEF) reset() {
	*c = CEF{Extension: c.Extension[:0]}
}

// Value returns a value of the extension without its escapes, and whether the
// key is there.
func (c *CEF) Value(key string) (string, bool) {
	for _, f := range c.Extension {
		if string(f.Key) == key {
			return unescape(string(f.Value)), true
		}
	}
	return "", false
}

// Title is the Name without its escapes.
func (c *CEF) Title() string { return unescape(string(c.Name)) }

var escapes = strings.NewReplacer(`\\`, `\`, `\=`, `=`, `\|`, `|`, `\n`, "\n", `\r`, "\r")

func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	return escapes.Replace(s)
}

// headerFields are the seven fields of a CEF header, in order, with what is
// documented for each ("" is any text that is not empty).
var headerFields = [...]struct{ name, want string }{
	{"version", "0"}, {"vendor", "MCAS"}, {"product", "SIEM_Agent"}, {"device version", ""},
	{"class", ""}, {"name", ""}, {"severity", ""},
}

// readCEF reads the CEF part, which starts at at.
func (l *Line) readCEF(at int) {
	at += len(cefStart)
	c := &l.CEF
	into := [...]*[]byte{&c.Version, &c.Vendor, &c.Product, &c.DeviceVersion, &c.Class, &c.Name, &c.Severity}
	for i, field := range into {
		n := l.headerEnd(at)
		if n < 0 {
			l.deviate(at, "the CEF header ends before its %s: expected seven fields, each ended by |", headerFields[i].name)
			return
		}
		*field = l.raw[at : at+n]
		switch want := headerFields[i].want; {
		case want != "" && string(*field) != want:
			l.deviate(at, "CEF %s is %.40q: expected %q", headerFields[i].name, *field, want)
		case n == 0:
			l.deviate(at, "CEF %s is empty", headerFields[i].name)
		}
		at += n + 1
	}
	if s := digits(c.Severity); s < 0 || s > 10 || len(c.Severity) > 2 {
		l.deviate(at-len(c.Severity)-1, "CEF severity is %.40q: expected 0 to 10", c.Severity)
	}
	l.readExtension(at)
}

// headerEnd returns how long the header field at at is, or -1 when no | ends
// it. In a header | and \ are escaped by \, and nothing else is.
func (l *Line) headerEnd(at int) int {
	p := l.raw[at:]
	for i := 0; i < len(p); i++ {
		switch p[i] {
		case '|':
			return i
		case '\\':
			if i++; i == len(p) || p[i] != '|' && p[i] != '\\' {
				l.deviate(at+i-1, `a \ in the CEF header that escapes neither | nor \`)
				i--
			}
		}
	}
	return -1
}

// readExtension reads "key=value key=value…". A value ends where the next key
// begins: at the last space before an = that is not escaped.
func (l *Line) readExtension(at int) {
	p := l.raw
	if at == len(p) {
		l.deviate(at, "no extension")
		return
	}
	eq := equals(p, at)
	if eq < 0 {
		l.deviate(at, "an extension without key=value")
		return
	}
	key := at
	for eq >= 0 {
		if len(l.CEF.Extension) == maxFields {
			l.deviate(key, "more than %d keys: the rest is not read", maxFields)
			break
		}
		value := eq + 1
		end, next, nextKey := len(p), equals(p, value), 0
		for from := value; next >= 0; {
			space := bytes.LastIndexByte(p[from:next], ' ')
			if space >= 0 {
				end, nextKey = from+space, from+space+1
				break
			}
			l.deviate(next, "an = in the value of %.40s that is not escaped", p[key:eq])
			from = next // before it there is no space
			next = equals(p, next+1)
		}
		l.field(Field{Key: p[key:eq], Value: p[value:end], Offset: key})
		key, eq = nextKey, next
	}
	l.checkKeys()
}

// equals returns where the next = is that no \ escapes, or -1.
func equals(p []byte, at int) int {
	from := at
	for {
		i := bytes.IndexByte(p[from:], '=')
		if i < 0 {
			return -1
		}
		i += from
		n := 0
		for i-n-1 >= at && p[i-n-1] == '\\' {
			n++
		}
		if n%2 == 0 {
			return i
		}
		from = i + 1
	}
}

// field books one field and checks its value.
func (l *Line) field(f Field) {
	l.CEF.Extension = append(l.CEF.Extension, f)
	at := f.Offset + len(f.Key) + 1
	if i := bytes.IndexByte(f.Value, '\\'); i >= 0 {
		l.checkEscapes(f.Value[i:], at+i)
	}
	l.checkField(f, at)
}

// checkEscapes finds what follows a \ in a value: only = \ n r may.
func (l *Line) checkEscapes(p []byte, at int) {
	for i := 0; i < len(p); i++ {
		if p[i] != '\\' {
			continue
		}
		if i++; i == len(p) || strings.IndexByte(`=\nr`, p[i]) < 0 {
			l.deviate(at+i-1, `a \ in a value that escapes none of = \ n r`)
			i--
		}
	}
}
