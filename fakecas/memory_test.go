package fakecas

import (
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// end is one end of a connection in memory, with a buffer each way, so that
// both sides can write at once.
type end struct {
	in, out     *way
	local, peer net.Addr
}

// way is one direction of it.
type way struct {
	mu      sync.Mutex
	changed *sync.Cond
	data    []byte
	err     error // io.EOF after FIN, ECONNRESET after RST, net.ErrClosed at the closer
	expired bool
}

const window = 64 << 10

var lastPort atomic.Int32

func newPair(server string) (near, far net.Conn) {
	client := named(fmt.Sprintf("192.0.2.200:%d", 40000+lastPort.Add(1)))
	there, back := &way{}, &way{}
	there.changed, back.changed = sync.NewCond(&there.mu), sync.NewCond(&back.mu)
	return &end{back, there, client, named(server)}, &end{there, back, named(server), client}
}

func (e *end) Read(b []byte) (int, error) {
	w := e.in
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.data) == 0 && w.err == nil && !w.expired {
		w.changed.Wait()
	}
	switch {
	case w.expired:
		return 0, os.ErrDeadlineExceeded
	case len(w.data) == 0 || w.err == syscall.ECONNRESET:
		return 0, w.err
	}
	n := copy(b, w.data)
	w.data = w.data[n:]
	w.changed.Broadcast()
	return n, nil
}

func (e *end) Write(b []byte) (n int, err error) {
	w := e.out
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(b) > 0 {
		for len(w.data) >= window && w.err == nil {
			w.changed.Wait()
		}
		if w.err != nil {
			return n, syscall.EPIPE
		}
		k := min(len(b), window-len(w.data))
		w.data = append(w.data, b[:k]...)
		b, n = b[k:], n+k
		w.changed.Broadcast()
	}
	return n, nil
}

func (w *way) fail(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.err == nil {
		w.err = err
	}
	w.changed.Broadcast()
}

func (e *end) Close() error {
	e.out.fail(io.EOF)
	e.in.fail(net.ErrClosed)
	return nil
}

// SetLinger is only ever called with 0 before Close: the peer sees RST.
func (e *end) SetLinger(int) error {
	e.out.fail(syscall.ECONNRESET)
	return nil
}

func (e *end) SetReadDeadline(t time.Time) error {
	e.in.mu.Lock()
	defer e.in.mu.Unlock()
	e.in.expired = !t.IsZero() && !t.After(time.Now())
	e.in.changed.Broadcast()
	return nil
}

func (e *end) SetDeadline(t time.Time) error      { return e.SetReadDeadline(t) }
func (e *end) SetWriteDeadline(t time.Time) error { return nil }
func (e *end) LocalAddr() net.Addr                { return e.local }
func (e *end) RemoteAddr() net.Addr               { return e.peer }
