package fakecas

import "strings"

// What of a generated record depends on more than one entry of the catalogue.

// longText is a value longer than the largest syslog message that receivers
// are asked to take (RFC 5424 section 6.1 names 2,048 octets).
var longText = strings.Repeat("ModifiedProperty=OldValue|NewValue\\; ", 120)

// hasCasePair says whether the raw data has keys that differ only in case.
func (r *record) hasCasePair() bool { return r.mix%7 == 0 }

// isLong says whether the record has a value that is very long.
func (r *record) isLong() bool { return r.mix%211 == 0 }

// source is the documented filter "source" of activities: 0 access control,
// 1 session control, 2 app connector, 3 app connector analysis.
func (r *record) source() int64 { return int64(r.mix >> 8 % 4) }

// impersonated says whether the activity was done in another's name.
func (r *record) impersonated() bool { return r.mix>>16%13 == 0 }

// takenAction is what the service did about an activity.
func (r *record) takenAction() string {
	switch r.mix >> 20 % 17 {
	case 0:
		return "block"
	case 1:
		return "verify"
	}
	return ""
}

// description is the text that the portal shows.
func (r *record) description() string {
	switch {
	case r.kind == Alert:
		return "Policy '" + r.policy.title + "' was triggered by '" + r.user.account + "'"
	case r.isLong():
		return r.event.name + ": " + longText
	case r.event.object:
		return r.event.name + ": " + r.app.name + " " + r.object.kind + " " + r.object.name
	default:
		return r.event.name
	}
}

// threatScore is an alert's risk score; 0 is shown as none.
func (r *record) threatScore() int64 { return int64(r.mix >> 24 % 101) }
