package peer

import (
	"context"
	"errors"
	"io"
	"net"
	"time"
)

// batch is one connection to a forwarder, and what was written to it.
type batch struct {
	feed  *Feed
	conn  *net.TCPConn
	ended chan error // gets how the forwarder ended the connection
	next  places     // what comes after the lines that were written
	lines int
	text  []byte
}

// send sends one batch and, if the forwarder took it, remembers so.
func (f *Feed) send(ctx context.Context) error {
	began := time.Now()
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", f.Address)
	f.waited(began)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })() // ends every wait
	b := &batch{feed: f, conn: conn.(*net.TCPConn), ended: make(chan error, 1), next: f.place()}
	go func() {
		_, err := io.Copy(io.Discard, conn)
		b.ended <- err
	}()
	if err := b.fill(ctx); err != nil {
		return err
	}
	if err := b.confirm(ctx); err != nil {
		return err
	}
	f.took(b.next)
	return nil
}

// errEnded is a forwarder that closed a connection in the middle of a batch.
var errEnded = errors.New("the forwarder ended the connection")

// fill writes lines as records come to be, until the batch is large or old
// enough.
func (b *batch) fill(ctx context.Context) error {
	timer := time.NewTimer(b.feed.Every)
	defer timer.Stop()
	for b.lines < b.feed.Batch {
		more, err := b.write()
		if err != nil {
			return err
		}
		if more {
			select {
			case <-timer.C:
				return nil
			default:
				continue
			}
		}
		select {
		case <-b.feed.wake:
		case <-timer.C:
			return nil
		case err := <-b.ended:
			return errors.Join(errEnded, err)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// chunk is about how many bytes are written at once.
const chunk = 64 << 10

// write writes a chunk of lines of each type, and says whether there were any.
func (b *batch) write() (more bool, err error) {
	for _, kind := range b.feed.Types {
		from, lines := b.next[kind], 0
		b.text = b.text[:0]
		for c := range b.feed.Tenant.Contents(kind, from) {
			b.next[kind]++
			if c.Created.Before(b.feed.Since) {
				continue
			}
			b.text = appendLine(b.text, b.feed.Name, &c)
			lines++
			if len(b.text) >= chunk || b.lines+lines >= b.feed.Batch {
				break
			}
		}
		if b.next[kind] == from {
			continue
		}
		more = true
		if err := b.flush(); err != nil {
			return false, err
		}
		b.lines += lines
		b.feed.wrote(kind, from, b.next[kind], lines)
	}
	return more, nil
}

func (b *batch) flush() error {
	defer b.feed.waited(time.Now())
	_, err := b.conn.Write(b.text)
	return err
}

// confirm ends the batch and waits until the forwarder has read it. A kernel
// resets a connection that is closed with lines unread, or that gets lines after
// it was closed; so an end without a reset, once ours is sent, means that all of
// them were read. On loopback a reset is known before that; elsewhere it might
// still be under way.
func (b *batch) confirm(ctx context.Context) error {
	defer b.feed.waited(time.Now())
	if err := b.conn.CloseWrite(); err != nil {
		return err
	}
	select {
	case err := <-b.ended:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}
