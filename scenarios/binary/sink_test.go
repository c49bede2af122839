//go:build linux

package binary_test

import (
	"bytes"
	"net"
	"sync"
	"testing"

	. "github.com/onsi/gomega"
)

// sink is a bare receiver: it reads each connection to its end, counts line
// feeds and does nothing else.
type sink struct {
	net.Listener
	mu     sync.Mutex
	lines  int
	wanted int
	reads  chan struct{} // closed when it begins to read; nil: at once
	done   chan struct{} // closed when that many lines came and their connection has ended
}

func newSink(t testing.TB, wanted int) *sink {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	NewWithT(t).Expect(err).NotTo(HaveOccurred())
	s := &sink{Listener: listener, wanted: wanted, done: make(chan struct{})}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go s.read(conn)
		}
	}()
	return s
}

func (s *sink) read(conn net.Conn) {
	defer conn.Close()
	if s.reads != nil {
		<-s.reads
	}
	buffer, lines := make([]byte, 256<<10), 0
	for {
		n, err := conn.Read(buffer)
		lines += bytes.Count(buffer[:n], []byte("\n"))
		if err != nil {
			break
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	before := s.lines
	s.lines += lines
	if before < s.wanted && s.lines >= s.wanted {
		close(s.done)
	}
}
