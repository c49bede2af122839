package coordinator

import (
	"maps"
	"time"

	"siemdrill/agent/stepped"
)

// Nobody who is on another machine can be asked at the instant at which nothing
// runs any more: a report is of a moment that is over. Where the Lab is apart
// the accounts bridge that: what somebody did before his report is in it, and
// whoever has not noticed it yet says that he received less. Of what is in no
// account everybody is told: he is asked once more after the last report that
// said anything of that kind.

// wave counts news and questions.
type wave struct {
	news  uint64           // reports of something that is in no account
	asked uint64           // the news when everybody was last asked
	doubt map[string]doubt // what is under way
	hangs map[string]bool  // what something under way goes to that was waited for in vain
}

// doubt is about something under way that may never arrive.
type doubt struct {
	since time.Time // in real time
	news  uint64    // once everybody was asked about these, all have looked; 0: they have not to, yet
}

// Ask has everybody report once more before time moves: something may have
// happened to them in another way, such as a fault that was injected. What was
// waited for in vain before is waited for again.
func (c *Coordinator) Ask() {
	c.mu.Lock()
	c.wave.doubt, c.wave.hangs = nil, nil
	c.mu.Unlock()
	c.ask()
}

func (c *Coordinator) ask() {
	c.mu.Lock()
	c.wave.asked = c.wave.news
	members := c.members
	c.mu.Unlock()
	for _, m := range members {
		if m.listens() {
			m.grant(c.Now(), stepped.Look)
		}
	}
}

// confirmed says whether everybody was asked since the last news. If not, it
// asks them.
func (c *Coordinator) confirmed() bool {
	if !c.apart {
		return true
	}
	c.mu.Lock()
	asked := c.wave.asked == c.wave.news
	c.mu.Unlock()
	if !asked {
		c.ask()
	}
	return asked
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
