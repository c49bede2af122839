package syslog

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"sync/atomic"

	"siemdrill/agent/internal/dial"
)

// errNoCloseNotify is a TLS stream whose connection ended without a word:
// crypto/tls gives io.EOF for that too, but a peer that was killed looks so.
var errNoCloseNotify = errors.New("the connection ended without a TLS close_notify")

// rawConn remembers whether the connection under a TLS session has ended.
type rawConn struct {
	net.Conn
	ended atomic.Bool
}

func (r *rawConn) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	if err != nil {
		r.ended.Store(true)
	}
	return n, err
}

// CloseWrite closes the writing side.
func (r *rawConn) CloseWrite() error { return closeWrite(r.Conn) }

func (c *Connection) handshake(ctx context.Context, config *tls.Config) error {
	config = config.Clone()
	if config.ServerName == "" {
		config.ServerName = c.sink.Host
	}
	if c.sink.Limit > 0 {
		limited, stop := dial.WithLimit(ctx, c.sink.Clock, c.sink.Limit, "the handshake")
		defer stop()
		ctx = limited
	}
	session := tls.Client(c.raw, config)
	if err := session.HandshakeContext(ctx); err != nil {
		return brief(dial.Cause(ctx, err))
	}
	c.stream = session
	return nil
}

// read reads, and throws away, until the peer's side has ended: over TLS the
// session's, with close_notify, and after it the connection's.
func (c *Connection) read() {
	buffer := make([]byte, 512)
	c.end = drain(c.stream, buffer)
	under := c.end == io.EOF && c.stream != c.raw
	if under && c.raw.ended.Load() {
		c.end, under = errNoCloseNotify, false
	}
	close(c.ended)
	if c.last = c.end; under {
		c.last = drain(c.raw, buffer)
	}
	close(c.over)
}

func drain(conn net.Conn, buffer []byte) error {
	for {
		if _, err := conn.Read(buffer); err != nil {
			return err
		}
	}
}
