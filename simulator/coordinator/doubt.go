package coordinator

import (
	"maps"
	"time"
)

// doubt is about something under way that may never arrive.
type doubt struct {
	since time.Time // in real time
	news  uint64    // once everybody was asked about these, all have looked; 0: they have not to, yet
}

// grace is how long, in real time, a kernel may take to deliver what may never
// arrive: an answer to a dial, a connection to whoever accepts, a datagram. On one
// machine it takes some hundred microseconds.
const grace = 100 * time.Millisecond

// underway says for how long something has to be waited for still, and whether
// that is over: it can't arrive any more, since the kernels had their time and
// everybody has looked after that, however long that took. Once something on its
// way to the same place was waited for in vain the next one gets no time, but for
// that look, until Ask. The lock is held.
func (c *Coordinator) underway(what, to string) (left time.Duration, over bool) {
	w := &c.wave
	if w.doubt == nil {
		w.doubt, w.hangs = map[string]doubt{}, map[string]bool{}
	}
	d, known := w.doubt[what]
	if !known {
		d.since = time.Now()
	}
	if !w.hangs[to] {
		left = max(0, grace-time.Since(d.since))
	}
	switch {
	case left > 0:
	case d.news == 0:
		w.news++ // so everybody is asked
		d.news = w.news
	case w.asked >= d.news:
		w.hangs[to], over = true, true
	}
	w.doubt[what] = d
	return left, over
}

// onlyUnderway forgets what is no longer under way: it did not hang. The lock is
// held.
func (c *Coordinator) onlyUnderway(seen map[string]bool) {
	maps.DeleteFunc(c.wave.doubt, func(what string, _ doubt) bool { return !seen[what] })
}
