package fakesyslog

// plane is one thing that a tally remembers of an id.
type plane int

const (
	planeParsed plane = iota
	planeAgain        // parsed a second time
	planeUnread
	planeRejected
	planeTruncated
	planeSwallowed
	planeCount
)

var planeOf = map[Place]plane{Parsed: planeParsed, Unread: planeUnread, Rejected: planeRejected,
	Truncated: planeTruncated, Swallowed: planeSwallowed}

// maxForeign bounds how many ids without a number a tally remembers.
const maxForeign = 1 << 20

// tally remembers of every event id where it was seen: some bits an id that has
// a sequence number, so that tens of millions fit. The zero value is empty.
type tally struct {
	planes    [seriesCount][planeCount]bitmap
	foreign   map[string]uint8 // a bit a plane
	forgotten int              // arrivals whose id found no room
}

func (t *tally) add(id []byte, p plane) {
	if len(id) == 0 {
		return
	}
	kind, n := identify(id)
	if kind == foreign {
		t.addForeign(id, p)
		return
	}
	fresh, ok := t.planes[kind][p].set(n)
	if !ok {
		t.forgotten++
		return
	}
	if !fresh && p == planeParsed {
		t.planes[kind][planeAgain].set(n)
	}
}

func (t *tally) addForeign(id []byte, p plane) {
	seen, known := t.foreign[string(id)]
	switch {
	case !known && len(t.foreign) == maxForeign:
		t.forgotten++
		return
	case t.foreign == nil:
		t.foreign = map[string]uint8{}
	}
	if p == planeParsed && seen>>planeParsed&1 == 1 {
		seen |= 1 << planeAgain
	}
	t.foreign[string(id)] = seen | 1<<p
}

// seen returns a bit for each plane that has the id.
func (t *tally) seen(id []byte) (bits uint8) {
	kind, n := identify(id)
	if kind == foreign {
		return t.foreign[string(id)]
	}
	for p := range planeCount {
		if t.planes[kind][p].has(n) {
			bits |= 1 << p
		}
	}
	return bits
}
