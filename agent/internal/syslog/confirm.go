package syslog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// How often the acknowledgement of the last bytes is asked after: soon at
// first, since on a near receiver it is there at once (with 2 ms, 1,000 lines
// over loopback take five times as long); a delayed one takes up to 40 ms; a
// receiver that takes nothing is asked once a second.
const (
	askFirst = 100 * time.Microsecond
	askMost  = time.Second
)

// Confirm closes c and returns nil if everything that was written to it was
// read by the receiver. All of this must hold; else the lines are in doubt:
//
//  1. every write and the closing of the writing side succeeded;
//  2. the peer's side had not ended before that, nor lay its end unread in the
//     kernel;
//  3. all bytes were acknowledged before that;
//  4. under TLS, the end of stream was a close_notify (RFC 8446, section 6.1);
//  5. the connection itself then ended cleanly, and was not reset.
//
// Rule 3 is left out where the system does not tell. Over UDP there is nothing
// to confirm, and nil means only that all was sent. Confirm waits until ctx
// ends; it leaves c closed if it returns nil. Flush comes before it.
func (c *Connection) Confirm(ctx context.Context) error {
	if c.sink.Transport == UDP {
		c.Close()
		return nil
	}
	if err := c.waitAcknowledged(ctx); err != nil {
		return err
	}
	if c.hasEnded() {
		return c.Cause()
	}
	if peerClosed(c.raw.Conn) { // and the reader has not come to it yet
		return c.named(ErrEnded)
	}
	if err := c.closeWriting(); err != nil {
		return c.named(err)
	}
	c.asked.Store(true)
	select {
	case <-c.over:
	case <-ctx.Done():
		return fmt.Errorf("%s: the end of the stream did not come: %w", c.sink.Address(), context.Cause(ctx))
	}
	if c.last != io.EOF {
		return c.because(c.last)
	}
	c.Close()
	return nil
}

func (c *Connection) hasEnded() bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

func (c *Connection) waitAcknowledged(ctx context.Context) error {
	for ask := askFirst; c.Unacked() > 0; ask = min(2*ask, askMost) {
		expired := make(chan struct{})
		stop := c.sink.Clock.AfterFunc(ask, func() { close(expired) })
		select {
		case <-expired:
		case <-c.ended:
			stop()
			return c.Cause()
		case <-ctx.Done():
			stop()
			return fmt.Errorf("%s: the last bytes were not acknowledged: %w", c.sink.Address(), context.Cause(ctx))
		}
	}
	return nil
}

// closeWriting closes the writing side: under TLS that of the session, which
// sends only close_notify, and then that of the connection.
func (c *Connection) closeWriting() error {
	if err := closeWrite(c.stream); err != nil {
		return err
	}
	if c.stream != c.raw {
		return closeWrite(c.raw)
	}
	return nil
}

func closeWrite(conn any) error {
	half, ok := conn.(interface{ CloseWrite() error })
	if !ok {
		return errors.New("the connection can't be closed on one side")
	}
	return half.CloseWrite()
}
