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

// readToEnd reads, and throws away, until the peer's side has ended. It
// returns io.EOF for a clean end: over TLS, close_notify and after it the end
// of the connection.
func (c *Connection) readToEnd() error {
	buffer := make([]byte, 512)
	if err := drain(c.stream, buffer); err != io.EOF || c.stream == c.raw {
		return err
	}
	if c.raw.ended.Load() {
		return errNoCloseNotify
	}
	return drain(c.raw, buffer)
}

func drain(conn net.Conn, buffer []byte) error {
	for {
		if _, err := conn.Read(buffer); err != nil {
			return err
		}
	}
}
