package fakesyslog

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// relay passes a connection on to a real receiver, so that the same faults
// stand between any sender and any receiver. RST passes as RST, FIN as FIN and
// half-close as half-close, and no end of stream is answered before the
// receiver behind has answered it.
type relay struct {
	c      *conn
	up     net.Conn
	raw    net.Conn      // up, or the transport under its TLS
	unsent int           // index in the scanner's buffer of what was taken and not yet passed on
	done   chan struct{} // closed when back has ended; its token of work passes to whoever waits
	broken error         // why the receiver behind ended; read it after done
}

// forward connects to the receiver behind.
func (c *conn) forward() error {
	dial := c.s.Dial
	if dial == nil {
		d := &net.Dialer{KeepAlive: -1}
		d.SetMultipathTCP(false)
		dial = d.DialContext
	}
	c.s.clock().Busy(-1)
	up, err := dial(c.s.life(), "tcp", c.s.Forward)
	c.s.clock().Busy(1)
	if err != nil {
		return err
	}
	r := &relay{c: c, up: up, raw: up, done: make(chan struct{})}
	if c.s.ForwardTLS != nil {
		if r.up, err = c.s.secureForward(up); err != nil {
			up.Close()
			return err
		}
	}
	c.mu.Lock()
	c.relay = r
	c.mu.Unlock()
	c.s.clock().Busy(1)
	c.s.running.Go(r.back)
	return nil
}

// secureForward shakes hands with the receiver behind. It ends with the server.
func (s *Server) secureForward(raw net.Conn) (net.Conn, error) {
	config := s.ForwardTLS.Clone()
	config.Time = s.now
	if host, _, err := net.SplitHostPort(s.Forward); err == nil && config.ServerName == "" {
		config.ServerName = host
	}
	secured := tls.Client(raw, config)
	s.clock().Busy(-1)
	defer s.clock().Busy(1)
	return secured, secured.HandshakeContext(s.life())
}

// pass writes what was taken from the stream to the receiver behind.
func (r *relay) pass() error {
	p := r.c.scan.buf[r.unsent:r.c.scan.r]
	r.unsent = r.c.scan.r
	if len(p) == 0 {
		return nil
	}
	r.c.s.clock().Busy(-1)
	_, err := r.up.Write(p)
	r.c.s.clock().Busy(1)
	return err
}

// back copies what the receiver behind says, and how it ends.
func (r *relay) back() {
	defer close(r.done) // and it stays counted as busy: see await
	buf := make([]byte, smallBuffer)
	for {
		r.c.s.clock().Busy(-1)
		n, err := r.up.Read(buf)
		r.c.s.clock().Busy(1)
		if late := r.c.lateBack.Load(); late > 0 {
			r.c.s.park(r.c.s.era(), time.Duration(late))
		}
		if n > 0 {
			r.c.nc.Write(buf[:n])
		}
		switch {
		case err == nil:
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF): // under TLS: FIN without close_notify
			r.c.closeWrite()
			return
		default:
			r.broken = err
			if !errors.Is(err, net.ErrClosed) {
				r.c.linger()
				r.c.raw.Close()
			}
			return
		}
	}
}

// await waits until back has ended and takes over its token of work.
func (r *relay) await() {
	r.c.s.clock().Busy(-1)
	<-r.done
}

// finish ends the connection to the receiver behind as the one to the sender
// ended, and returns how the latter is to be ended.
func (r *relay) finish(how ending) ending {
	switch how {
	case endPeerFIN, endPeerCut, endClose:
		closeWrite(r.up, r.raw)
		r.await()
		if r.broken != nil {
			how = endBehind
		}
		r.up.Close()
	default:
		if l, ok := r.raw.(interface{ SetLinger(sec int) error }); ok && how != endStop {
			l.SetLinger(0)
		}
		r.raw.Close()
		r.await()
	}
	return how
}

// packetRelay passes datagrams on.
func (s *Server) packetRelay() (net.Conn, error) {
	if s.Forward == "" {
		return nil, nil
	}
	dial := s.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	up, err := dial(context.Background(), "udp", s.Forward)
	if err != nil {
		return nil, fmt.Errorf("forward to %s: %w", s.Forward, err)
	}
	return up, nil
}
