package fakesyslog

import (
	"net"
	"time"
)

// drainLimit bounds how much is drained from a sender that never pauses: the
// largest receive buffer of a kernel with its default settings, twice.
const drainLimit = 64 << 20

// drain books what was received and never read. After the reading side is shut
// Linux still gives what its buffer holds and then end of stream, so a drain
// never waits.
func (c *conn) drain() {
	half, ok := c.nc.(interface{ CloseRead() error })
	drained := 0
	ok = ok && half.CloseRead() == nil
	for {
		for {
			f, more := c.scan.next()
			if !more {
				break
			}
			c.bookUnread(f)
		}
		if !ok || drained > drainLimit {
			break
		}
		c.nc.SetReadDeadline(time.Time{})
		n, err := c.nc.Read(c.scan.space())
		c.scan.filled(n)
		drained += n
		ok = err == nil && n > 0
	}
	if f, more := c.scan.rest(); more {
		c.bookUnread(f)
	}
}

func (c *conn) bookUnread(f frame) {
	c.line.Parse(f.data)
	c.book(f, c.wholeID(), Unread, KindUnread, f.wrong)
}

// setLinger makes the next Close send RST.
func setLinger(nc net.Conn) {
	if l, ok := nc.(interface{ SetLinger(sec int) error }); ok {
		l.SetLinger(0)
	}
}

// closeWrite sends FIN and leaves the reading side open.
func closeWrite(nc net.Conn) {
	if h, ok := nc.(interface{ CloseWrite() error }); ok {
		h.CloseWrite()
	}
}
