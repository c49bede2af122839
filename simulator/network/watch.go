package network

import (
	"net"
	"syscall"
	"time"
)

// The defaults of package net (keepalive) and of Linux (15 retransmissions
// take 924 s).
const (
	keepAliveTime   = 15 * time.Second
	keepAliveProbes = 9
	retransmission  = 924 * time.Second
)

// watch decides when an end gives its connection up. Its timer runs only while
// the path is broken, so that an idle network still shows a deadlock as one.
type watch struct {
	keepAlive   net.KeepAliveConfig
	userTimeout time.Duration
	why         doubt
	timer       *time.Timer
}

// doubt is why the timer of a watch runs.
type doubt int

const (
	none         doubt = iota
	silentPeer         // no keepalive probe is answered
	forgetful          // the peer will answer the first keepalive probe with a RST
	unackedBytes       // what was written is not acknowledged
)

func (d doubt) String() string {
	return [...]string{"", "no answer to keepalive", "keepalive was reset", "no acknowledgement"}[d]
}

func (w *watch) configure(c net.KeepAliveConfig) {
	k := &w.keepAlive
	k.Enable = c.Enable
	k.Idle = choose(k.Idle, c.Idle, keepAliveTime)
	k.Interval = choose(k.Interval, c.Interval, keepAliveTime)
	k.Count = choose(k.Count, c.Count, keepAliveProbes)
}

// choose follows net.KeepAliveConfig: 0 is the default, less than 0 no change.
func choose[T int | time.Duration](old, asked, byDefault T) T {
	switch {
	case asked < 0:
		return old
	case asked == 0:
		return byDefault
	}
	return asked
}

// patience is how long a doubt may last; 0 is for ever.
func (w *watch) patience(why doubt) time.Duration {
	switch {
	case why == unackedBytes:
		return w.userTimeout
	case !w.keepAlive.Enable || why == none:
		return 0
	case why == forgetful:
		return w.keepAlive.Idle
	}
	return w.keepAlive.Idle + time.Duration(w.keepAlive.Count)*w.keepAlive.Interval
}

func (w *watch) stop() {
	if w.timer != nil {
		w.timer.Stop()
		w.timer = nil
	}
	w.why = none
}

// doubts says what is wrong with the connection, seen from this end.
func (c *Conn) doubts() doubt {
	reached := c.there == arrives && c.back == arrives
	switch {
	case c.dead || c.over() || reached && !c.peer.dead:
		return none
	case c.unacked > 0 || c.finSent && !c.peer.gotFIN:
		return unackedBytes
	case reached || c.there == strange:
		return forgetful
	}
	return silentPeer
}

// look starts, changes or stops the timer if the connection's doubts changed.
func (c *Conn) look() {
	w := &c.watch
	why := c.doubts()
	if why == w.why {
		return
	}
	w.stop()
	w.why = why
	d := w.patience(why)
	if d <= 0 {
		return
	}
	var timer *time.Timer
	timer = time.AfterFunc(d, func() {
		c.n.lock()
		defer c.n.unlock()
		if w.timer == timer {
			c.giveUp(why)
		}
	})
	w.timer = timer
}

// lookAgain is look after the settings changed: the timer starts anew.
func (c *Conn) lookAgain() {
	c.watch.stop()
	c.look()
}

// giveUp ends the connection because a doubt lasted too long.
func (c *Conn) giveUp(why doubt) {
	if why == forgetful {
		c.resetArrives()
		return
	}
	c.die(syscall.ETIMEDOUT)
	c.loseFlying()
	c.tell(TimedOut, why.String()+"; "+c.cost())
}
