package syslog

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"time"

	"siemdrill/agent/internal/dial"
)

// Transport carries the lines.
type Transport string

// The transports.
const (
	UDP Transport = "UDP"
	TCP Transport = "TCP"
	TLS Transport = "TLS" // RFC 5425
)

// Sink is a receiver and how it is spoken to. It keeps nothing: each Dial makes
// a connection of its own, and looks the name up for it.
type Sink struct {
	Transport Transport
	Host      string
	Port      int
	Framing   Framing // of TCP and TLS; over UDP a datagram is a frame (RFC 5426, section 3.1)
	MaxSize   int     // bytes of a line; 0: no limit
	TLS       *tls.Config
	Dialer    dial.Dialer
	Limit     time.Duration // of the TLS handshake
	Clock     dial.Clock
}

// Address returns the receiver's host:port.
func (s *Sink) Address() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// Dial connects. An error is one line that names the receiver.
func (s *Sink) Dial(ctx context.Context) (*Connection, error) {
	network := "tcp"
	if s.Transport == UDP {
		network = "udp"
	}
	conn, err := s.Dialer.DialContext(ctx, network, s.Address())
	if err != nil {
		return nil, err
	}
	c := newConnection(s, conn)
	if s.Transport == TLS {
		if err := c.handshake(ctx, s.TLS); err != nil {
			conn.Close()
			return nil, fmt.Errorf("%s: TLS: %w", s.Address(), err)
		}
	}
	c.start()
	return c, nil
}
