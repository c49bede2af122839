// Package wiretest is a connection for tests: as much of TCP as delivery can
// see, in memory, so that a bubble of testing/synctest can hold it.
package wiretest

import (
	"io"
	"net"
	"sync"
	"syscall"
	"time"
)

// Buffer is how many bytes an end holds that it has not read.
const Buffer = 64 << 10

// End is one end of a connection: a net.Conn with half-close, reset and a count
// of what was not acknowledged. It has no deadlines.
type End struct {
	pair *pair
	peer *End
	name string

	// of what the peer sent here
	held  []byte
	eof   bool // the peer has closed its writing side
	reset bool // the peer has reset the connection

	shut   bool // this end has closed its writing side
	closed bool
	stuck  int // what Unacked says
}

type pair struct {
	mu      sync.Mutex
	changed sync.Cond
}

// Pair returns the two ends of a new connection.
func Pair(local, remote string) (*End, *End) {
	p := &pair{}
	p.changed.L = &p.mu
	a, b := &End{pair: p, name: local}, &End{pair: p, name: remote}
	a.peer, b.peer = b, a
	return a, b
}

// Read blocks until there is something, the peer has closed, or either closes.
func (e *End) Read(b []byte) (int, error) {
	e.pair.mu.Lock()
	defer e.pair.mu.Unlock()
	for {
		switch {
		case e.closed:
			return 0, net.ErrClosed
		case len(e.held) > 0:
			n := copy(b, e.held)
			e.held = e.held[n:]
			e.pair.changed.Broadcast()
			return n, nil
		case e.reset:
			return 0, e.failure("read", syscall.ECONNRESET)
		case e.eof:
			return 0, io.EOF
		}
		e.pair.changed.Wait()
	}
}

// Write blocks while the peer's buffer is full.
func (e *End) Write(b []byte) (n int, err error) {
	e.pair.mu.Lock()
	defer e.pair.mu.Unlock()
	for {
		switch room := Buffer - len(e.peer.held); {
		case e.closed:
			return n, net.ErrClosed
		case e.reset:
			return n, e.failure("write", syscall.ECONNRESET)
		case e.shut:
			return n, e.failure("write", syscall.EPIPE)
		case n == len(b):
			return n, nil
		case room > 0:
			sent := min(room, len(b)-n)
			e.peer.held = append(e.peer.held, b[n:n+sent]...)
			n += sent
			e.pair.changed.Broadcast()
			continue
		}
		e.pair.changed.Wait()
	}
}

func (e *End) failure(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: e.LocalAddr(), Addr: e.RemoteAddr(), Err: err}
}

// CloseWrite sends FIN.
func (e *End) CloseWrite() error {
	e.do(func() { e.shut, e.peer.eof = true, true })
	return nil
}

// Close sends FIN, or a reset if something was not read.
func (e *End) Close() error {
	e.do(func() {
		if !e.closed && len(e.held) > 0 {
			e.peer.reset = true
		}
		e.closed, e.shut, e.peer.eof = true, true, true
	})
	return nil
}

// Reset closes e and resets the connection.
func (e *End) Reset() {
	e.do(func() { e.closed, e.peer.reset = true, true })
}

// Stick makes Unacked say n.
func (e *End) Stick(n int) { e.do(func() { e.stuck = n }) }

// Unacked returns what Stick said.
func (e *End) Unacked() (n int, ok bool) {
	e.do(func() { n = e.stuck })
	return n, true
}

// WaitEOF returns when the peer has closed its writing side, without reading.
func (e *End) WaitEOF() {
	e.pair.mu.Lock()
	defer e.pair.mu.Unlock()
	for !e.eof && !e.closed {
		e.pair.changed.Wait()
	}
}

func (e *End) do(f func()) {
	e.pair.mu.Lock()
	defer e.pair.mu.Unlock()
	f()
	e.pair.changed.Broadcast()
}

type address string

func (a address) Network() string { return "tcp" }
func (a address) String() string  { return string(a) }

// LocalAddr returns the name that Pair was given.
func (e *End) LocalAddr() net.Addr { return address(e.name) }

// RemoteAddr returns the peer's.
func (e *End) RemoteAddr() net.Addr { return address(e.peer.name) }

// SetDeadline does nothing: time limits are not kept this way.
func (e *End) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing.
func (e *End) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing.
func (e *End) SetWriteDeadline(time.Time) error { return nil }
