package agent

import "siemdrill/agent/internal/cas"

// window is the other way to confirm, for receivers whose answer to closing
// proves nothing: what so many bytes have followed, all acknowledged, must have
// been read, because the receiver's buffer does not hold as many. The last
// bytes are never confirmed so, and are sent again after a break.
//
// Nothing that was sent is kept, only places in it.
type window struct {
	places []place // by the end of each, ascending
}

// place is how far one stream gets with what was written.
type place struct {
	stream   *stream
	from, to int64 // bytes written on the connection before it, and with it
	lines    int
	cursor   cas.Cursor
}

// grain is how many places there are within the window, at least: each holds a
// cursor, so there must not be one for every write.
const grain = 16

// add notes a place that was written; size is that of the window.
func (w *window) add(p place, size int) {
	if n := len(w.places); n > 0 {
		last := &w.places[n-1]
		if last.stream == p.stream && p.to-last.from <= int64(size/grain) {
			last.to, last.lines, last.cursor = p.to, last.lines+p.lines, p.cursor
			return
		}
	}
	w.places = append(w.places, p)
}

// slide takes out the places that size bytes have followed, of those that are
// acknowledged.
func (w *window) slide(acknowledged int64, size int) (out []place) {
	n := 0
	for n < len(w.places) && w.places[n].to+int64(size) <= acknowledged {
		n++
	}
	out = w.places[:n:n]
	w.places = w.places[n:]
	return out
}
