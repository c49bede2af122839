package coordinator

import "siemdrill/agent/stepped"

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
