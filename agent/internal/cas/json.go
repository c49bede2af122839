package cas

import (
	"fmt"
	"io"
	"strconv"
)

// reader walks over one JSON text (RFC 8259) while it comes, and without
// building a tree: a page is some 20 MB of which a line needs a tenth, so it is
// never there as a whole, and values that nobody asks for are stepped over.
// Keys are compared exactly: the service sends keys that differ only in case,
// and encoding/json would mix those up.
//
// The first fault sticks; after it every method does nothing.
type reader struct {
	source  io.Reader
	broken  error  // why the source ended; io.EOF if it did well
	text    []byte // what has come and was not dropped
	at      int
	dropped int64 // bytes before text
	fault   error
	scratch []byte            // the last string that had escapes
	strings map[string]string // values that recur, so that each is kept once
	words   vocabulary
}

func (r *reader) fail(expected string) {
	if r.fault != nil {
		return
	}
	at := r.dropped + int64(r.at)
	switch {
	case r.at < len(r.text):
		r.fault = fmt.Errorf("the answer is not the JSON it should be: byte %d is %q: expected %s", at, r.text[r.at], expected)
	case r.broken != nil && r.broken != io.EOF:
		r.fault = fmt.Errorf("the answer broke off after %d bytes: %w", at, r.broken)
	default:
		r.fault = fmt.Errorf("the answer ends at byte %d: expected %s", at, expected)
	}
}

// The reader's memory: so much is made room for at first, and for each read at
// least.
const (
	readerSize = 128 << 10
	readAtOnce = 16 << 10 // as much as a TLS record has
)

// more appends to the text what comes next, and returns false at the end. What
// was taken out of the text before stays as it is.
func (r *reader) more() bool {
	if cap(r.text)-len(r.text) < readAtOnce {
		r.text = append(make([]byte, 0, max(2*cap(r.text), readerSize)), r.text...)
	}
	for r.broken == nil {
		n, err := r.source.Read(r.text[len(r.text):cap(r.text)])
		r.text, r.broken = r.text[:len(r.text)+n], err
		if n > 0 {
			return true
		}
	}
	return false
}

// drop forgets what was walked over, once it is enough to be worth the move of
// the rest. Nothing that was taken out of the text before may be in use.
func (r *reader) drop() {
	if r.at < cap(r.text)/2 {
		return
	}
	r.dropped += int64(r.at)
	r.text = r.text[:copy(r.text, r.text[r.at:])]
	r.at = 0
}

// next returns the first byte of the next token, 0 at the end.
func (r *reader) next() byte {
	if r.at < len(r.text) && r.text[r.at] > ' ' { // as a rule; and so short that it is inlined
		return r.text[r.at]
	}
	return r.nextAfterSpace()
}

func (r *reader) nextAfterSpace() byte {
	for r.at < len(r.text) || r.more() {
		switch c := r.text[r.at]; c {
		case ' ', '\n', '\r', '\t':
			r.at++
		default:
			return c
		}
	}
	return 0
}

// object calls member for each member of an object; a value that member leaves
// alone is stepped over. So is anything but an object.
func (r *reader) object(member func(key []byte)) { r.walk('{', '}', member) }

// array calls item for each item of an array; one that item leaves alone is
// stepped over. So is anything but an array.
func (r *reader) array(item func()) {
	r.walk('[', ']', func([]byte) { item() })
}

func (r *reader) walk(opening, closing byte, part func(key []byte)) {
	if r.fault != nil || r.next() != opening {
		r.skip()
		return
	}
	r.at++
	if r.next() == closing {
		r.at++
		return
	}
	for r.fault == nil {
		var key []byte
		if opening == '{' {
			key = r.key()
		}
		before := r.at
		part(key)
		if r.fault == nil && r.at == before {
			r.skip()
		}
		switch {
		case r.fault != nil:
		case r.next() == ',':
			r.at++
		case r.next() == closing:
			r.at++
			return
		default:
			r.fail("',' or '" + string(closing) + "'")
		}
	}
}

func (r *reader) key() []byte {
	if r.next() != '"' {
		r.fail("a key")
		return nil
	}
	key := r.bytes()
	switch {
	case r.fault != nil:
	case r.next() == ':':
		r.at++
	default:
		r.fail("':'")
	}
	return key
}

// skip steps over one value.
func (r *reader) skip() {
	if r.fault != nil {
		return
	}
	switch c := r.next(); {
	case c == '"':
		r.raw()
	case c == '{' || c == '[':
		r.skipNested()
	case c == '-' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z':
		for (r.at < len(r.text) || r.more()) && isLiteral(r.text[r.at]) {
			r.at++
		}
	default:
		r.fail("a value")
	}
}

// skipNested and raw work on copies of the reader's fields: half of the time
// that a page takes is spent in them.
func (r *reader) skipNested() {
	text, at := r.text, r.at
	for depth := 0; ; at++ {
		if at >= len(text) {
			if !r.more() {
				break
			}
			text = r.text
		}
		switch text[at] {
		case '"':
			r.at = at
			if r.raw(); r.fault != nil {
				return
			}
			text, at = r.text, r.at-1
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				r.at = at + 1
				return
			}
		}
	}
	r.at = at
	r.fail("'}' or ']'")
}

func isLiteral(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c == '.' || c == '+' || c == '-' || c == 'E'
}

// scalar returns a string's content or a number's digits.
func (r *reader) scalar() string {
	if c := r.next(); r.fault == nil && (c == '-' || c >= '0' && c <= '9') {
		start := r.at
		r.skip()
		return string(r.text[start:r.at])
	}
	return r.plain()
}

// integer returns a number, also one in quotes; 0 when it is none.
func (r *reader) integer() int64 {
	s := r.scalar()
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil && f > -1<<62 && f < 1<<62 {
		return int64(f)
	}
	return 0
}

func (r *reader) boolean() bool {
	yes := r.next() == 't'
	r.skip()
	return yes
}
