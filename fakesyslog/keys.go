package fakesyslog

import (
	"net/netip"
)

// key is a documented key of the extension. The order is that of the vendor's
// samples, activities and alerts merged.
type key int

const (
	keyUnknown key = iota
	keyExternalID
	keyRT
	keyStart
	keyEnd
	keyMsg
	keySuser
	keyDestination
	keyDvc
	keyClient
	keySrc
	keyCN1Label
	keyCN1
	keyCS1Label
	keyCS1
	keyCS2Label
	keyCS2
	keyCS3Label
	keyCS3
	keyCS4Label
	keyCS4
	keyC6A1Label
	keyC6A1
	keyCount
)

var keyNames = [keyCount]string{"", "externalId", "rt", "start", "end", "msg", "suser", "destinationServiceName",
	"dvc", "requestClientApplication", "src", "cn1Label", "cn1", "cs1Label", "cs1", "cs2Label", "cs2",
	"cs3Label", "cs3", "cs4Label", "cs4", "c6a1Label", "c6a1"}

// labels are the documented texts of the label keys.
var labels = [keyCount][]string{
	keyCN1Label:  {"riskScore"},
	keyCS1Label:  {"portalURL"},
	keyCS2Label:  {"uniqueServiceAppIds"},
	keyCS3Label:  {"targetObjects", "relatedAudits"},
	keyCS4Label:  {"policyIDs"},
	keyC6A1Label: {`"Device IPv6 Address"`},
}

// required are the keys that every documented line has.
var required = []key{keyExternalID, keyStart, keyEnd, keyMsg, keySuser, keyDestination}

// keySet remembers which keys a line has had, and the furthest in order.
type keySet struct {
	has      uint32
	furthest key
}

func (s keySet) contains(k key) bool { return s.has>>k&1 == 1 }

func lookupKey(p []byte) key {
	switch string(p) { // compiled to comparisons by length: no allocation
	case "externalId":
		return keyExternalID
	case "rt":
		return keyRT
	case "start":
		return keyStart
	case "end":
		return keyEnd
	case "msg":
		return keyMsg
	case "suser":
		return keySuser
	case "destinationServiceName":
		return keyDestination
	case "dvc":
		return keyDvc
	case "requestClientApplication":
		return keyClient
	case "src":
		return keySrc
	case "cn1Label":
		return keyCN1Label
	case "cn1":
		return keyCN1
	case "cs1Label":
		return keyCS1Label
	case "cs1":
		return keyCS1
	case "cs2Label":
		return keyCS2Label
	case "cs2":
		return keyCS2
	case "cs3Label":
		return keyCS3Label
	case "cs3":
		return keyCS3
	case "cs4Label":
		return keyCS4Label
	case "cs4":
		return keyCS4
	case "c6a1Label":
		return keyC6A1Label
	case "c6a1":
		return keyC6A1
	}
	return keyUnknown
}

// checkField checks one field against what is documented for its key; at is
// where its value starts.
func (l *Line) checkField(f Field, at int) {
	k := lookupKey(f.Key)
	s := &l.CEF.keys
	switch {
	case k == keyUnknown:
		l.deviate(f.Offset, "key %.40q is not documented", f.Key)
		return
	case s.contains(k):
		l.deviate(f.Offset, "key %s a second time", f.Key)
		return
	case k == keySrc: // no sample shows its place
	case k < s.furthest:
		l.deviate(f.Offset, "key %s after %s: the documented order is the other way round", f.Key, keyNames[s.furthest])
	default:
		s.furthest = k
	}
	s.has |= 1 << k
	l.checkValue(k, f, at)
}

func (l *Line) checkValue(k key, f Field, at int) {
	v := f.Value
	switch k {
	case keyExternalID:
		switch {
		case len(v) == 0:
			l.deviate(at, "externalId is empty")
		case len(v) > maxID:
			l.deviate(at, "externalId has %d bytes: expected at most %d", len(v), maxID)
		default:
			l.CEF.id = v
		}
	case keyRT, keyStart, keyEnd:
		if len(v) == 0 || len(v) > 16 || digits(v) < 0 {
			l.deviate(at, "%s is %.40q: expected milliseconds since the epoch", f.Key, v)
		}
	case keyDvc, keySrc:
		if len(v) > 0 && !ipv4(v) {
			l.deviate(at, "%s is %.40q: expected an IPv4 address or nothing", f.Key, v)
		}
	case keyC6A1:
		if a, err := netip.ParseAddr(string(v)); len(v) > 0 && (err != nil || !a.Is6()) {
			l.deviate(at, "%s is %.60q: expected an IPv6 address or nothing", f.Key, v)
		}
	case keyCN1:
		if len(v) > 9 || digits(v) < 0 {
			l.deviate(at, "%s is %.40q: expected a number or nothing", f.Key, v)
		}
	default:
		l.checkLabel(k, f, at)
	}
}

// checkLabel checks a label's text, and that a value that needs a label had it
// before.
func (l *Line) checkLabel(k key, f Field, at int) {
	for _, text := range labels[k] {
		if string(f.Value) == text {
			return
		}
	}
	if len(labels[k]) > 0 {
		l.deviate(at, "%s is %.40q: expected %q", f.Key, f.Value, labels[k])
	}
}

// checkKeys finds required keys that are missing, and labels and values
// without the other.
func (l *Line) checkKeys() {
	s := l.CEF.keys
	for _, k := range required {
		if !s.contains(k) {
			l.deviate(len(l.raw), "no %s", keyNames[k])
		}
	}
	for k := keyCN1Label; k < keyC6A1; k += 2 {
		if s.contains(k) != s.contains(k+1) {
			l.deviate(len(l.raw), "%s and %s: one of the two is missing", keyNames[k], keyNames[k+1])
		}
	}
}

// ipv4 says whether p is a dotted quad.
func ipv4(p []byte) bool {
	parts := 1
	n, length := 0, 0
	for _, c := range p {
		switch {
		case c == '.' && length > 0:
			parts++
			n, length = 0, 0
		case c >= '0' && c <= '9' && length < 3:
			n = n*10 + int(c-'0')
			length++
		default:
			return false
		}
		if n > 255 {
			return false
		}
	}
	return parts == 4 && length > 0
}
