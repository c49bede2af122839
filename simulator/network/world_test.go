package network

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// world is a network on which a behaviour can be tried: a client and a server
// that can reach each other.
type world interface {
	dial(ctx context.Context, network, address string) (net.Conn, error) // by the client
	listen(network, address string) (net.Listener, error)                // by the server
	listenPacket(network, address string) (net.PacketConn, error)
	server() string // the server's IP address
	limitBacklog(l net.Listener, n int)
	unacked(c net.Conn) (int, bool)
}

// memory is the world in a bubble.
type memory struct {
	a, b *Host
	ip   string
}

func inMemory(t *testing.T, latency time.Duration, client, server string) memory {
	n := New()
	n.SetDefaultPath(Path{Latency: latency})
	m := memory{n.AddHost("client", client), n.AddHost("server", server), server}
	t.Cleanup(m.a.KillProcess)
	t.Cleanup(m.b.KillProcess)
	return m
}

func (m memory) dial(ctx context.Context, network, address string) (net.Conn, error) {
	return m.a.Dial(ctx, network, address)
}
func (m memory) listen(network, address string) (net.Listener, error) {
	return m.b.Listen(context.Background(), network, address)
}
func (m memory) listenPacket(network, address string) (net.PacketConn, error) {
	return m.b.ListenPacket(context.Background(), network, address)
}
func (m memory) server() string                     { return m.ip }
func (m memory) limitBacklog(l net.Listener, n int) { l.(*Listener).SetBacklog(n) }
func (m memory) unacked(c net.Conn) (int, bool)     { return c.(*Conn).Unacked() }

// stream is what *Conn and *net.TCPConn have in common.
type stream interface {
	net.Conn
	CloseWrite() error
	CloseRead() error
	SetLinger(int) error
	SetReadBuffer(int) error
	SetWriteBuffer(int) error
}

func listen(t *testing.T, w world) net.Listener {
	l, err := w.listen("tcp", net.JoinHostPort(w.server(), "0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	return l
}

func dial(t *testing.T, w world, network, address string) net.Conn {
	c, err := w.dial(context.Background(), network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

func accept(t *testing.T, l net.Listener) stream {
	c, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c.(stream)
}

// pair is a connection: the client's end and the server's.
func pair(t *testing.T, w world) (a, b stream) {
	l := listen(t, w)
	a = dial(t, w, "tcp", l.Addr().String()).(stream)
	return a, accept(t, l)
}

// closedPort is an address at which nothing listens.
func closedPort(w world) string { return net.JoinHostPort(w.server(), "9") }

// settle waits until what was sent has arrived.
func settle() { time.Sleep(60 * time.Millisecond) }

func later(f func()) { time.AfterFunc(60*time.Millisecond, f) }

// said joins the outcomes of several steps.
func said(outcomes ...string) string { return strings.Join(outcomes, ", ") }

// word is an error in a word.
func word(err error) string {
	words := []struct {
		err  error
		word string
	}{
		{nil, "ok"}, {io.EOF, "EOF"}, {net.ErrClosed, "net.ErrClosed"},
		{os.ErrDeadlineExceeded, "deadline"}, {context.DeadlineExceeded, "ctx deadline"}, {context.Canceled, "cancelled"},
		{syscall.ECONNRESET, "ECONNRESET"}, {syscall.EPIPE, "EPIPE"}, {syscall.ECONNREFUSED, "ECONNREFUSED"},
		{syscall.ENOTCONN, "ENOTCONN"}, {syscall.EADDRINUSE, "EADDRINUSE"}, {syscall.EADDRNOTAVAIL, "EADDRNOTAVAIL"},
		{syscall.EMSGSIZE, "EMSGSIZE"}, {syscall.EDESTADDRREQ, "EDESTADDRREQ"}, {net.ErrWriteToConnected, "net.ErrWriteToConnected"},
	}
	for _, w := range words {
		if errors.Is(err, w.err) {
			return w.word
		}
	}
	return err.Error()
}

// anatomy is all that a *net.OpError says.
func anatomy(err error) string {
	var op *net.OpError
	if !errors.As(err, &op) {
		return fmt.Sprintf("%T", err)
	}
	call := "-"
	var sys *os.SyscallError
	if errors.As(err, &sys) {
		call = sys.Syscall
	}
	return fmt.Sprintf("%s/%s/%s/source:%t/addr:%t/timeout:%t/%s",
		op.Op, op.Net, call, op.Source != nil, op.Addr != nil, op.Timeout(), word(err))
}

func read(c net.Conn, n int) string {
	b := make([]byte, n)
	c.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	n, err := c.Read(b)
	if err != nil {
		return word(err)
	}
	return string(b[:n])
}

func write(c net.Conn, s string) string {
	c.SetWriteDeadline(time.Now().Add(200 * time.Millisecond))
	_, err := c.Write([]byte(s))
	return word(err)
}

// fill writes until nothing more is taken.
func fill(c net.Conn) (total int, err error) {
	c.SetWriteDeadline(time.Now().Add(300 * time.Millisecond))
	defer c.SetWriteDeadline(time.Time{})
	for {
		n, err := c.Write(make([]byte, 32<<10))
		total += n
		if err != nil {
			return total, err
		}
	}
}

func drain(c net.Conn) (int, error) {
	c.SetReadDeadline(time.Now().Add(time.Second))
	n, err := io.Copy(io.Discard, c)
	return int(n), err
}

func abort(c stream) {
	c.SetLinger(0)
	c.Close()
}
