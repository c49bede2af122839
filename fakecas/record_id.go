package fakecas

import "strconv"

// tenantNumber is the tenantId of every generated record.
const tenantNumber = 97134000

// appendID appends the record's id. A generated one ends in its sequence
// number: an activity's in 12, an alert's in 8 hex digits.
func (r *record) appendID(b []byte) []byte {
	switch {
	case r.body != nil:
		return append(b, r.body.id...)
	case r.kind == Alert:
		return appendHex(appendHex(b, r.mix, 16), uint64(r.seq), 8)
	default:
		b = strconv.AppendInt(b, tenantNumber, 10)
		b = append(b, '_')
		b = strconv.AppendInt(b, int64(r.app.id), 10)
		b = append(b, '_')
		return r.appendUUID(b)
	}
}

// appendUUID appends a version 4 UUID whose last part is the sequence number.
func (r *record) appendUUID(b []byte) []byte {
	b = appendHex(b, r.mix>>32, 8)
	b = append(b, '-')
	b = appendHex(b, r.mix>>16, 4)
	b = append(b, '-', '4')
	b = appendHex(b, r.mix, 3)
	b = append(b, '-', 'a')
	b = appendHex(b, r.mix>>12, 3)
	b = append(b, '-')
	return appendHex(b, uint64(r.seq), 12)
}

// appendHex appends the last digits of v in lower-case hex.
func appendHex(b []byte, v uint64, digits int) []byte {
	for i := digits - 1; i >= 0; i-- {
		b = append(b, "0123456789abcdef"[v>>(4*i)&15])
	}
	return b
}
