package cas

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// The portal's filters are a JSON object that has an object of operators for
// each field. Nothing, and null, is no filter.

// CreatedBefore returns the portal's filters with "created before end" added;
// an earlier end that is in them already stands.
func CreatedBefore(portal json.RawMessage, end time.Time) (json.RawMessage, error) {
	return narrowed(portal, "created", "lt", end.UnixMilli(), func(given, bound int64) bool { return given < bound })
}

// withFloor adds "field is floor or later" to the portal's filters. A later
// floor that is in them already stands.
func withFloor(portal json.RawMessage, field string, floor int64) (json.RawMessage, error) {
	return narrowed(portal, field, "gte", floor, func(given, bound int64) bool { return given > bound })
}

// narrowed adds "field operator bound" to the portal's filters, unless what is
// given there is tighter.
func narrowed(portal json.RawMessage, field, operator string, bound int64, tighter func(given, bound int64) bool) (json.RawMessage, error) {
	var filters, operators map[string]json.RawMessage
	if len(portal) > 0 {
		if err := json.Unmarshal(portal, &filters); err != nil {
			return nil, fmt.Errorf("the portal's filters are not a JSON object: %w", err)
		}
	}
	if own, given := filters[field]; given {
		if err := json.Unmarshal(own, &operators); err != nil {
			return nil, fmt.Errorf("the portal's filter %q is not an object of operators: %w", field, err)
		}
	}
	var given *int64
	if json.Unmarshal(operators[operator], &given) == nil && given != nil && tighter(*given, bound) {
		return portal, nil
	}
	operators = with(operators, operator, strconv.AppendInt(nil, bound, 10))
	merged, err := json.Marshal(operators)
	if err != nil {
		return nil, err
	}
	return json.Marshal(with(filters, field, merged))
}

// with sets a key of an object, which is nil where the JSON was absent or null.
func with(object map[string]json.RawMessage, key string, value json.RawMessage) map[string]json.RawMessage {
	if object == nil {
		object = map[string]json.RawMessage{}
	}
	object[key] = value
	return object
}
