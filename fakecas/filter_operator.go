package fakecas

import (
	"encoding/json"
	"fmt"
	"strings"
)

// The operators on attributes other than times. A record passes when any of
// its attribute's values and any of the operator's values agree; a negated
// operator lets through what its positive would not. Text is compared without
// regard to case. The vendor's deq lets through a record with a value that
// differs from one of the operator's.
const (
	textOperators   = "eq neq deq contains ncontains startswith startswithsingle doesnotstartwith endswith text descendantof ndescendantof isset isnotset"
	numberOperators = "eq neq gt gte lt lte range isset isnotset"
)

// test compiles one operator on the field.
func (f field) test(op string, raw json.RawMessage, values []string) (test, error) {
	switch {
	case op == "isset" || op == "isnotset":
		return f.presence(op, values)
	case f.number:
		return f.numberTest(op, raw, values)
	}
	agree, negated := textAgree(op)
	if agree == nil {
		return nil, unknownOperator(op, textOperators)
	}
	if len(values) == 0 {
		return nil, fmt.Errorf("%s: expected a value or a list of values", op)
	}
	wanted := make([]string, len(values))
	for i, v := range values {
		wanted[i] = strings.ToLower(v)
	}
	var scratch []string
	return func(r *record) bool {
		scratch = f.of(r, scratch[:0])
		if len(scratch) == 0 {
			scratch = append(scratch, "") // agrees with null
		}
		return anyAgree(agree, scratch, wanted) != negated
	}, nil
}

func anyAgree(agree func(have, want string) bool, have, wanted []string) bool {
	for _, h := range have {
		h = strings.ToLower(h)
		for _, w := range wanted {
			if agree(h, w) {
				return true
			}
		}
	}
	return false
}

// textAgree returns how an operator compares, and whether it is negated.
func textAgree(op string) (agree func(have, want string) bool, negated bool) {
	equal := func(have, want string) bool { return have == want }
	below := func(have, want string) bool { return have == want || strings.HasPrefix(have, want+"/") }
	switch op {
	case "eq":
		return equal, false
	case "deq":
		return func(have, want string) bool { return have != want }, false
	case "neq":
		return equal, true
	case "contains":
		return strings.Contains, false
	case "ncontains":
		return strings.Contains, true
	case "startswith", "startswithsingle":
		return strings.HasPrefix, false
	case "doesnotstartwith":
		return strings.HasPrefix, true
	case "endswith":
		return strings.HasSuffix, false
	case "text":
		return hasWords, false
	case "descendantof":
		return below, false
	case "ndescendantof":
		return below, true
	}
	return nil, false
}

// hasWords reports whether every word of want is somewhere in have.
func hasWords(have, want string) bool {
	for _, w := range strings.Fields(want) {
		if !strings.Contains(have, w) {
			return false
		}
	}
	return true
}

func (f field) presence(op string, values []string) (test, error) {
	wanted := op == "isset"
	if len(values) > 0 {
		switch strings.ToLower(values[0]) {
		case "true", "1":
		case "false", "0":
			wanted = !wanted
		default:
			return nil, fmt.Errorf("%s: expected true or false, found %.40q", op, values[0])
		}
	}
	var scratch []string
	return func(r *record) bool {
		scratch = f.of(r, scratch[:0])
		return (len(scratch) > 0) == wanted
	}, nil
}

func (f field) numberTest(op string, raw json.RawMessage, values []string) (test, error) {
	var spans []span
	if op == "range" {
		var err error
		if spans, err = ranges(raw); err != nil {
			return nil, err
		}
	} else {
		ns, err := numbers(op, values)
		if err != nil {
			return nil, err
		}
		switch n := ns[0]; op {
		case "eq", "neq":
			spans = instants(ns)
		case "gt":
			spans = []span{{n + 1, allTime.to}}
		case "gte":
			spans = []span{{n, allTime.to}}
		case "lt":
			spans = []span{{allTime.from, n - 1}}
		case "lte":
			spans = []span{{allTime.from, n}}
		default:
			return nil, unknownOperator(op, numberOperators)
		}
	}
	var scratch []string
	return func(r *record) bool {
		scratch = f.of(r, scratch[:0])
		for _, have := range scratch {
			if n, err := numbers(op, []string{have}); err == nil && hasAny(spans, n[0]) {
				return op != "neq"
			}
		}
		return op == "neq"
	}, nil
}
