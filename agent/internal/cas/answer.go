package cas

import (
	"encoding/json"
	"errors"
	"strings"
)

// answer is what a list request gave.
type answer struct {
	records []Record
	hasNext bool
	next    json.RawMessage // nextQueryFilters, nil when absent
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

// decode reads the answer to a list request. It keeps nothing of body. A
// record that is odd is still a record: see decodeActivity and decodeAlert.
func decode(t Type, body []byte) (answer, error) {
	var a answer
	r := &reader{text: body}
	if r.next() == 0 {
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
			r.array(func() { a.records = append(a.records, decodeRecord(t, r)) })
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
		return answer{}, errNoList{oneLine(text)}
	}
	return a, nil
}

// oneLine makes a text from elsewhere fit for a log: one line, not too long.
func oneLine(s string) string {
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "\uFFFD")), " ")
	if runes := []rune(s); len(runes) > 200 {
		s = string(runes[:200]) + "…"
	}
	return s
}
