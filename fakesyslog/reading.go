package fakesyslog

import (
	"errors"
	"os"
	"time"
)

// read reads once, as the turn allows. An interrupt is no error.
func (c *conn) read(t turn) error {
	p := c.scan.space()
	if c.relay != nil {
		c.relay.unsent = 0 // space moved what is left to the start
	}
	if t.most > 0 && t.most < len(p) {
		p = p[:t.most]
	}
	stop, ok := c.beginRead(t.again)
	if !ok {
		return nil
	}
	n, err := c.nc.Read(p)
	c.endRead()
	if stop != nil {
		stop()
	}
	interrupted := errors.Is(err, os.ErrDeadlineExceeded)
	if n > 0 || err != nil && !interrupted {
		c.last = c.s.now()
		c.reads++
	}
	if n > 0 {
		c.bytes += int64(n)
		c.scan.filled(n)
		c.dry = false
	}
	if interrupted {
		return nil
	}
	return err
}

// beginRead says whether the connection may still be read: faults that changed
// since the last turn must be asked first. After again, if positive, the read
// is interrupted; stop ends that.
func (c *conn) beginRead(again time.Duration) (stop func() bool, ok bool) {
	c.s.mu.Lock()
	fresh := !c.s.faulty.Load() || c.generation == c.s.generation
	c.mu.Lock()
	c.s.mu.Unlock()
	defer c.mu.Unlock()
	if !fresh {
		return nil, false
	}
	if c.expired {
		c.expired = false
		c.raw.SetReadDeadline(time.Time{})
	}
	c.reading = true
	if again > 0 {
		stop = c.s.clock().AfterFunc(again, c.interrupt)
	}
	c.s.clock().Busy(-1)
	return stop, true
}

func (c *conn) endRead() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.poked {
		c.s.clock().Busy(1)
	}
	c.reading, c.poked = false, false
}

// longAgo is a deadline that is over whichever clock is asked.
var longAgo = time.Unix(1, 0)

// interrupt makes a read that is under way return.
func (c *conn) interrupt() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.relay != nil && c.s.life().Err() != nil {
		c.relay.up.Close()
	}
	if !c.reading {
		return
	}
	if !c.poked {
		c.poked = true
		c.s.clock().Busy(1)
	}
	c.expired = true
	c.raw.SetReadDeadline(longAgo)
}
