package stepped

import "time"

// roundTrip is how long an acknowledgement is on its way, in stepped time. The
// kernel's loopback takes no time that could be stepped, and then nobody would
// know which came first at one instant: that a sender closed its side, or that
// the receiver did.
const roundTrip = 500 * time.Microsecond

// journey is the bytes that left within the last round trip. The zero value is
// that of a connection on which nothing was sent.
type journey struct{ legs []leg }

// leg is what left at one instant.
type leg struct {
	bytes int
	left  time.Time
}

// depart adds bytes that leave now.
func (j *journey) depart(bytes int, now time.Time) {
	j.arrive(now)
	if last := len(j.legs) - 1; last >= 0 && j.legs[last].left.Equal(now) {
		j.legs[last].bytes += bytes
		return
	}
	j.legs = append(j.legs, leg{bytes, now})
}

// under is how many bytes are under way now.
func (j *journey) under(now time.Time) (bytes int) {
	j.arrive(now)
	for _, l := range j.legs {
		bytes += l.bytes
	}
	return bytes
}

// arrive forgets what has come back by now.
func (j *journey) arrive(now time.Time) {
	n := 0
	for n < len(j.legs) && !j.legs[n].left.Add(roundTrip).After(now) {
		n++
	}
	j.legs = j.legs[:copy(j.legs, j.legs[n:])]
}
