package agent

import (
	"slices"

	"siemdrill/agent/internal/cas"
)

// window is the other way to confirm, for receivers whose answer to closing
// proves nothing: what so many bytes have followed, all acknowledged, must have
// been read, because the receiver's buffer does not hold as many. The last
// bytes are never confirmed so, and are sent again after a break.
//
// Nothing that was sent is kept, only places in it.
type window struct {
	places map[*stream][]place // in the order of writing
}

// place is how far one stream gets with what was written.
type place struct {
	from, to int64 // bytes written on the connection before it, and with it
	lines    int
	cursor   cas.Cursor
}

// grain is how many places there are within the window, at least: each holds a
// cursor, so there must not be one for every write.
const grain = 16

// add notes a place of s that was written; size is that of the window.
func (w *window) add(s *stream, p place, size int) {
	places := w.places[s]
	if n := len(places); n > 0 && p.to-places[n-1].from <= int64(size/grain) {
		p.from, p.lines = places[n-1].from, p.lines+places[n-1].lines
		places = places[:n-1]
	}
	if w.places == nil {
		w.places = map[*stream][]place{}
	}
	w.places[s] = append(places, p)
}

// slide moves each stream's cursor to the last of its places that size bytes
// have followed, of those that are acknowledged. It returns how many lines that
// confirms.
func (w *window) slide(acknowledged int64, size int) (lines int) {
	for s, places := range w.places {
		n := 0
		for n < len(places) && places[n].to+int64(size) <= acknowledged {
			lines += places[n].lines
			s.confirmed = places[n].cursor
			n++
		}
		w.places[s] = slices.Delete(places, 0, n)
	}
	return lines
}
