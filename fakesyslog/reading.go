package fakesyslog

import (
	"errors"
	"os"
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
	p := c.room(t)
	stop, ok := c.begin(&c.reading, t.again)
	if !ok {
		return nil
	}
	n, err := c.nc.Read(p)
	c.reading.end(stop)
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

// room is where a read goes, and as much as the turn allows.
func (c *conn) room(t turn) []byte {
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
	return p
}

// space is where the scanner wants what comes next.
func (c *conn) space() []byte {
	moved := c.scan.r // to the start
	p := c.scan.space()
	if c.relay != nil {
		c.relay.unsent -= moved
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
