package cas

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"
	"time"
	"unicode"
)

// answer is what a list request gave.
type answer struct {
	records []Record
	hasNext bool
	next    json.RawMessage // nextQueryFilters, nil when absent
	asked   time.Time       // when it was asked for
}

// place gives the records that lack one a place and a time, those of the
// record listed before, and refuses the answer when one is before from.
func (a *answer) place(from int64) error {
	before := from
	for i := range a.records {
		r := &a.records[i]
		if r.Created <= 0 {
			r.Created = before
		}
		r.Timestamp = orDefault(r.Timestamp, r.Created)
		if r.Created < from {
			return fmt.Errorf("asked for records from %s on, the service lists one of %s: it ignores the filters", instant(from), instant(r.Created))
		}
		before = r.Created
	}
	return nil
}

// latest returns the latest place in a.
func (a *answer) latest() int64 {
	latest := int64(math.MinInt64)
	for i := range a.records {
		latest = max(latest, a.records[i].Created)
	}
	return latest
}

// errNoList says that an answer has no list of records, with the text that it
// has instead, if any.
type errNoList struct{ text string }

func (e errNoList) Error() string {
	if e.text == "" {
		return "the answer has no data"
	}
	return "the answer has no data but says: " + e.text
}

// buffers are what answers are read into. Most answers are a line long, and a
// new buffer for each would be most of what an idle agent allocates.
var buffers = sync.Pool{New: func() any { return new([readerSize]byte) }}

// decode reads the answer to a list request, while it comes. A record that is
// odd is still a record: see decodeActivity and decodeAlert.
func decode(t Type, body io.Reader) (answer, error) {
	var a answer
	buffer := buffers.Get().(*[readerSize]byte)
	defer buffers.Put(buffer) // what was taken out of it is copied
	r := &reader{source: body, text: buffer[:0]}
	if r.next() == 0 && r.broken == io.EOF {
		return a, errors.New("the answer is empty: expected a JSON object")
	}
	if r.next() != '{' {
		r.fail("a JSON object")
		return a, r.fault
	}
	listed, text := false, ""
	r.object(func(key []byte) {
		switch string(key) {
		case "data":
			listed = r.next() == '[' || r.next() == 'n' // null is an empty list
			r.array(func() {
				a.records = append(a.records, Record{})
				decodeRecord(t, r, &a.records[len(a.records)-1])
				r.drop()
			})
		case "hasNext":
			a.hasNext = r.boolean()
		case "nextQueryFilters":
			start, isObject := r.at, r.next() == '{'
			r.skip()
			if isObject && r.fault == nil {
				a.next = append(a.next, r.text[start:r.at]...)
			}
		case "detail", "error", "message", "reason":
			text = r.plain()
		}
	})
	if r.fault == nil && r.next() != 0 {
		r.fail("nothing more")
	}
	if r.fault != nil {
		return answer{}, r.fault
	}
	if !listed {
		return answer{}, errNoList{flat(text)}
	}
	return a, nil
}

// oneLine makes a text from elsewhere fit for a log: one line, not too long.
func oneLine(s string) string {
	s = flat(s)
	if runes := []rune(s); len(runes) > 200 {
		s = string(runes[:200]) + "…"
	}
	return s
}

// flat puts a single space in the place of spaces, line ends and controls.
func flat(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(c rune) bool {
		return unicode.IsSpace(c) || unicode.IsControl(c)
	}), " ")
}
