package agent

import (
	"bufio"
	"net"
)

// readAhead is a connection that is read in pieces larger than the TLS records
// on it: a page of activities has a thousand of those, and each would be a call
// to the system.
type readAhead struct {
	net.Conn
	buffer *bufio.Reader
}

func newReadAhead(conn net.Conn) net.Conn {
	return &readAhead{conn, bufio.NewReaderSize(conn, 128<<10)}
}

func (r *readAhead) Read(p []byte) (int, error) { return r.buffer.Read(p) }
