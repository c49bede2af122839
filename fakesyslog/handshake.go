package fakesyslog

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync/atomic"
)

// handshake is how a TLS handshake is to go. The zero value lets it go well.
type handshake struct {
	flaw   flaw   // of the server's certificate
	most   uint16 // newest version of TLS; 0 leaves it
	demand bool   // a client certificate
	hold   bool   // never answer
}

// wire notes whether the transport under a TLS connection has ended: the TLS
// library gives the same end of stream for close_notify and for a bare FIN.
type wire struct {
	net.Conn
	ended atomic.Bool
}

func (w *wire) Read(p []byte) (int, error) {
	n, err := w.Conn.Read(p)
	if errors.Is(err, io.EOF) {
		w.ended.Store(true)
	}
	return n, err
}

// handshake asks every active fault how a handshake is to go.
func (s *Server) handshake(c *conn) handshake {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.generation = s.generation
	now := s.now()
	var h handshake
	for _, in := range s.active {
		if in.effect.handshake == nil {
			continue
		}
		if v, due, _ := in.look(c, now); due {
			before := h
			in.effect.handshake(v, &h)
			if h != before && in.hit(c) {
				s.note(in.hitEvent(now, c.label, "at the handshake"))
			}
		}
	}
	return h
}

// shake does the TLS handshake and says whether the connection goes on.
func (c *conn) shake() bool {
	for {
		t, h := c.turn(), c.s.handshake(c)
		c.s.tell()
		switch {
		case t.end != goesOn:
			c.breakOff(t.end)
			return false
		case h.hold || t.hold || t.wait > 0:
			c.s.park(c.generation, t.wait)
			continue
		}
		return c.secure(h)
	}
}

func (c *conn) secure(h handshake) bool {
	config, err := c.s.tlsConfig(h, c.raw.LocalAddr())
	if err == nil {
		c.wire = &wire{Conn: c.raw}
		server := tls.Server(c.wire, config)
		c.nc = server
		c.s.clock().Busy(-1)
		err = server.HandshakeContext(c.s.life())
		c.s.clock().Busy(1)
	}
	if err != nil {
		c.s.complain(c.label, fmt.Errorf("TLS handshake: %w", err))
		c.close(endHandshake)
		return false
	}
	c.last = c.s.now()
	return true
}

// life is done when the server closes.
func (s *Server) life() context.Context {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.ctx
}

// tlsConfig is the server's with what a handshake is to show.
func (s *Server) tlsConfig(h handshake, local net.Addr) (*tls.Config, error) {
	config := &tls.Config{}
	if s.TLS != nil {
		config = s.TLS.Clone()
	}
	if config.MinVersion == 0 {
		config.MinVersion = tls.VersionTLS12
	}
	config.Time = s.now
	// A sender that never reads would close with the ticket unread, which
	// resets the connection and loses what is on its way (seen with loggen).
	config.SessionTicketsDisabled = true
	if len(config.Certificates) == 0 || h.flaw != flawless {
		cert, err := s.authority.issue(h.flaw, local)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{*cert}
		config.GetCertificate, config.GetConfigForClient = nil, nil
	}
	if h.most != 0 {
		config.MinVersion, config.MaxVersion = tls.VersionTLS10, h.most
	}
	if h.demand {
		config.ClientAuth = tls.RequireAnyClientCert
	}
	return config, nil
}
