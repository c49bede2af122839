package fakesyslog

import (
	"errors"
	"os"
	"time"
)

// read reads once, as the turn allows. An interrupt is no error.
func (c *conn) read(t turn) error {
	if !c.late.empty() {
		wait := c.late.parcels[0].due.Sub(c.s.now())
		switch {
		case wait <= 0 || t.late == 0:
			return c.release()
		case c.late.full() || t.most > 0: // a fault that counts bytes wants no reading ahead
			c.s.park(c.generation, wait)
			return nil
		}
		t.again = least(t.again, wait)
	}
	p := c.space()
	if t.late > 0 {
		if c.ahead == nil {
			c.ahead = make([]byte, parcelSize)
		}
		p = c.ahead
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
	c.bytes += int64(n)
	if interrupted {
		err = nil
	}
	if t.late > 0 {
		if n > 0 || err != nil {
			c.late.add(p[:n], err, c.last.Add(t.late))
		}
		return nil
	}
	c.fill(n)
	return err
}

// space is where the scanner wants what comes next.
func (c *conn) space() []byte {
	p := c.scan.space()
	if c.relay != nil {
		c.relay.unsent = 0 // space moved what is left to the start
	}
	return p
}

func (c *conn) fill(n int) {
	if n > 0 {
		c.scan.filled(n)
		c.dry = false
	}
}

// release hands the scanner what was delayed for long enough.
func (c *conn) release() error {
	n, err := c.late.take(c.space())
	c.fill(n)
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
		c.relay.raw.Close()
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
