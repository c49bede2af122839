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
	news  uint64               // reports of something that is in no account
	asked uint64               // the news when everybody was last asked
	since map[string]time.Time // when what is under way was first seen, in real time
	hangs map[string]bool      // what has been waited for in vain
}

// Ask has everybody report once more before time moves: something may have
// happened to them in another way, such as a fault that was injected. What was
// waited for in vain before is waited for again.
func (c *Coordinator) Ask() {
	c.mu.Lock()
	c.wave.since, c.wave.hangs = nil, nil
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

// grace is how long, in real time, something that may never end is waited for:
// a dial that nobody answers, a connection that nobody accepts. An answer on one
// machine takes some hundred microseconds.
const grace = 100 * time.Millisecond

// underway says for how long something has to be waited for still: a dial of a
// target, or a connection to it. Once one was waited for in vain, the next ones
// are not, until Ask. The lock is held.
func (c *Coordinator) underway(what string) time.Duration {
	w := &c.wave
	if w.hangs[what] {
		return 0
	}
	if w.since == nil {
		w.since, w.hangs = map[string]time.Time{}, map[string]bool{}
	}
	since, known := w.since[what]
	if !known {
		since = time.Now()
		w.since[what] = since
	}
	left := max(0, grace-time.Since(since))
	w.hangs[what] = left == 0
	return left
}

// onlyUnderway forgets what is no longer under way: it did not hang. The lock is
// held.
func (c *Coordinator) onlyUnderway(seen map[string]bool) {
	maps.DeleteFunc(c.wave.since, func(what string, _ time.Time) bool { return !seen[what] })
}
