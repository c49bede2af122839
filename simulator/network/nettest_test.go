package network

import (
	"context"
	"net"
	"testing"
	"time"

	"golang.org/x/net/nettest"
)

// nettest.TestConn calls t.Run, which a bubble forbids: here the network works
// in real time.
func TestConnInMemory(t *testing.T) {
	for name, w := range map[string]struct {
		latency time.Duration
		buffer  int
	}{
		"least latency":               {0, DefaultBuffer},
		"250us":                       {DefaultLatency, DefaultBuffer},
		"2ms":                         {2 * time.Millisecond, DefaultBuffer},
		"buffers smaller than writes": {0, 700},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) {
				n := New()
				n.SendBuffer, n.ReceiveBuffer = w.buffer, w.buffer
				n.SetDefaultPath(Path{Latency: w.latency})
				a, b := n.AddHost("a", "10.0.0.1"), n.AddHost("b", "10.0.0.2")
				l, err := b.Listen(t.Context(), "tcp", ":80")
				if err != nil {
					return nil, nil, nil, err
				}
				return connect(l, func() (net.Conn, error) { return a.Dial(context.Background(), "tcp", "b:80") })
			})
		})
	}
}

func TestConnOfTheKernel(t *testing.T) {
	t.Parallel()
	nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, nil, nil, err
		}
		return connect(l, func() (net.Conn, error) { return net.Dial("tcp", l.Addr().String()) })
	})
}

func connect(l net.Listener, dial func() (net.Conn, error)) (c1, c2 net.Conn, stop func(), err error) {
	if c1, err = dial(); err != nil {
		return nil, nil, nil, err
	}
	if c2, err = l.Accept(); err != nil {
		return nil, nil, nil, err
	}
	return c1, c2, func() { c1.Close(); c2.Close(); l.Close() }, nil
}
