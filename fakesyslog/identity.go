package fakesyslog

// series is what a generated id belongs to.
type series int

const (
	foreign    series = iota // an id that is not generated: it has no number
	activities               // …-SSSSSSSSSSSS: the last 12 hex digits are a sequence number
	alerts                   // 24 hex digits: the last 8 are a sequence number
	seriesCount
)

// seriesNames are the words for an event of which only the number is known.
var seriesNames = [seriesCount]string{"", "activity", "alert"}

// maxNumber is the largest sequence number that is believed to be one. The last
// digits of an id that was not generated are nearly always larger.
const maxNumber = 1 << 31

// identify returns the series and the number of an id. Two ids of a series with
// one number are taken for one id.
func identify(id []byte) (series, uint64) {
	switch n := len(id); {
	case n > 36 && id[n-13] == '-' && id[n-18] == '-' && id[n-37] == '_':
		if number, ok := hex(id[n-12:]); ok && number < maxNumber {
			return activities, number
		}
	case n == 24:
		if _, ok := hex(id[:16]); !ok {
			return foreign, 0
		}
		if number, ok := hex(id[16:]); ok && number < maxNumber {
			return alerts, number
		}
	}
	return foreign, 0
}

// hex reads up to 16 lower-case hex digits.
func hex(p []byte) (uint64, bool) {
	var n uint64
	for _, c := range p {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | uint64(c-'0')
		case c >= 'a' && c <= 'f':
			n = n<<4 | uint64(c-'a'+10)
		default:
			return 0, false
		}
	}
	return n, true
}
