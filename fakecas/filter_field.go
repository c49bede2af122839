package fakecas

import "strconv"

// field is an attribute of records that filters can name. It is either a time
// or a set of values; a record that lacks the attribute has none.
type field struct {
	span    func(*filter) *span // of a time: the filter's span that it narrows
	instant func(*record) int64 // of a time: its value in ms
	number  bool                // the values are whole numbers
	values  func(r *record, to []string) []string
	name    string // under which a given record's facts have it
}

// of appends the attribute's values of a record.
func (f field) of(r *record, to []string) []string {
	if r.body != nil && f.name != "" {
		return append(to, r.body.facts[f.name]...)
	}
	return f.values(r, to)
}

// filterFields returns the filters that a type's records have.
func filterFields(kind Type) map[string]field {
	if kind == Alert {
		return alertFields
	}
	return activityFields
}

var (
	createdField = field{
		span:    func(f *filter) *span { return &f.created },
		instant: func(r *record) int64 { return r.created },
	}
	dateField = field{
		span:    func(f *filter) *span { return &f.date },
		instant: func(r *record) int64 { return r.timestamp },
	}
)

// text makes a field of one text, absent when empty.
func text(name string, get func(*record) string) field {
	return field{name: name, values: func(r *record, to []string) []string { return some(to, get(r)) }}
}

// number makes a field of one number.
func number(name string, get func(*record) int) field {
	return field{name: name, number: true, values: func(r *record, to []string) []string {
		return append(to, strconv.Itoa(get(r)))
	}}
}

// flag makes a field that is true or false.
func flag(name string, get func(*record) bool) field {
	return field{name: name, values: func(r *record, to []string) []string {
		return append(to, strconv.FormatBool(get(r)))
	}}
}

// texts makes a field of any number of texts, of which empty ones are absent.
func texts(name string, get func(*record) []string) field {
	return field{name: name, values: func(r *record, to []string) []string {
		return some(to, get(r)...)
	}}
}

func some(to []string, values ...string) []string {
	for _, v := range values {
		if v != "" {
			to = append(to, v)
		}
	}
	return to
}

// stateful makes a field answered from what people did with an alert, for
// given records as well.
func stateful(f field) field {
	f.name = ""
	return f
}
