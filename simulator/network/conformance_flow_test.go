package network

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

var flowing = []behaviour{
	{name: "partial reads", want: "0123, 456789, deadline",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			write(a, "0123456789")
			settle()
			return said(read(b, 4), read(b, 9), read(b, 9))
		}},
	{name: "writes are a stream, without boundaries", want: "onetwo",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			write(a, "one")
			write(a, "two")
			settle()
			return read(b, 9)
		}},
	{name: "a zero window blocks the writer, its deadline frees it", want: "took some: true, write/tcp/-/source:true/addr:true/timeout:true/deadline",
		play: func(t *testing.T, w world) string {
			a, _ := pair(t, w)
			n, err := fill(a)
			return said(fmt.Sprint("took some: ", n > 10000), anatomy(err))
		}},
	{name: "a zero window opens, the writer goes on", want: "ok",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			fill(a)
			done := make(chan struct{})
			go func() {
				defer close(done)
				io.Copy(io.Discard, b)
			}()
			defer func() { a.Close(); <-done }()
			settle()
			return write(a, "x")
		}},
	{name: "two Writes at once are not mixed", want: "runs: 2",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			const size = 4 << 20
			var writers sync.WaitGroup
			for _, c := range "xy" {
				writers.Go(func() { a.Write(bytes.Repeat([]byte{byte(c)}, size)) })
			}
			got := make([]byte, 2*size)
			io.ReadFull(b, got)
			writers.Wait()
			return fmt.Sprint("runs: ", len(slices.Compact(got)))
		}},
	{name: "a deadline passes, is moved, and Read goes on", want: "deadline, hello",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			late := read(a, 9)
			write(b, "hello")
			return said(late, read(a, 9))
		}},
	{name: "a deadline that has passed hides data that waits", want: "read/tcp/-/source:true/addr:true/timeout:true/deadline, i/o timeout",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			write(b, "hello")
			settle()
			a.SetReadDeadline(time.Now().Add(-time.Second))
			_, err := a.Read(make([]byte, 9))
			return said(anatomy(err), errors.Unwrap(err).Error())
		}},
	{name: "a deadline set while Read is blocked frees it", want: "deadline, true",
		play: func(t *testing.T, w world) string {
			a, _ := pair(t, w)
			later(func() { a.SetDeadline(time.Now()) })
			_, err := a.Read(make([]byte, 9))
			return said(word(err), fmt.Sprint(errors.Is(err, os.ErrDeadlineExceeded)))
		}},
	{name: "Unacked falls to 0 though the program doesn't read", want: "0, 0",
		play: func(t *testing.T, w world) string {
			a, _ := pair(t, w)
			before, _ := w.unacked(a)
			write(a, "hello")
			settle()
			after, _ := w.unacked(a)
			return said(fmt.Sprint(before), fmt.Sprint(after))
		}},
	{name: "Unacked counts what a zero window holds back", want: "some: true, not all: true, 0",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			wrote, _ := fill(a)
			held, _ := w.unacked(a)
			done := make(chan struct{})
			go func() {
				defer close(done)
				io.CopyN(io.Discard, b, int64(wrote))
			}()
			<-done
			settle()
			after, _ := w.unacked(a)
			return said(fmt.Sprint("some: ", held > 0), fmt.Sprint("not all: ", held < wrote), fmt.Sprint(after))
		}},
	{name: "Unacked after a RST still counts what was not acknowledged", want: "as before: true",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			fill(a)
			before, _ := w.unacked(a)
			abort(b)
			settle()
			after, ok := w.unacked(a)
			return fmt.Sprint("as before: ", ok && after == before && after > 0)
		}},
	{name: "Unacked is unknown after Close", want: "false",
		play: func(t *testing.T, w world) string {
			a, _ := pair(t, w)
			a.Close()
			_, ok := w.unacked(a)
			return fmt.Sprint(ok)
		}},
	{name: "a buffer made small bounds what is taken", want: "true",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			a.SetWriteBuffer(8 << 10)
			b.SetReadBuffer(8 << 10)
			n, _ := fill(a)
			return fmt.Sprint(n < 512<<10)
		}},
}

var datagrams = []behaviour{
	{name: "UDP: a datagram is read whole, one at a time", want: "one, two",
		play: func(t *testing.T, w world) string {
			p, c := packets(t, w)
			write(c, "one")
			write(c, "two")
			settle()
			return said(readFrom(p, 9), readFrom(p, 9))
		}},
	{name: "UDP: what doesn't fit into a short buffer is lost", want: "on, two",
		play: func(t *testing.T, w world) string {
			p, c := packets(t, w)
			write(c, "one")
			write(c, "two")
			settle()
			return said(readFrom(p, 2), readFrom(p, 9))
		}},
	{name: "UDP: an empty datagram", want: "ok, , x",
		play: func(t *testing.T, w world) string {
			p, c := packets(t, w)
			wrote := write(c, "")
			write(c, "x")
			settle()
			return said(wrote, readFrom(p, 9), readFrom(p, 9))
		}},
	{name: "UDP: an answer to the sender's address", want: "ping, pong",
		play: func(t *testing.T, w world) string {
			p, c := packets(t, w)
			write(c, "ping")
			b := make([]byte, 9)
			n, from, _ := p.ReadFrom(b)
			p.WriteTo([]byte("pong"), from)
			return said(string(b[:n]), read(c, 9))
		}},
	{name: "UDP: a closed port, told to a connected socket once, on the next call", want: "ok, ECONNREFUSED, ok, ECONNREFUSED, deadline",
		play: func(t *testing.T, w world) string {
			c := dial(t, w, "udp", closedPort(w))
			first := write(c, "x")
			settle()
			second := write(c, "x")
			third := write(c, "x")
			settle()
			return said(first, second, third, read(c, 9), read(c, 9))
		}},
	{name: "UDP: the error of a closed port", want: "read/udp/read/source:true/addr:true/timeout:false/ECONNREFUSED",
		play: func(t *testing.T, w world) string {
			c := dial(t, w, "udp", closedPort(w))
			write(c, "x")
			_, err := c.Read(make([]byte, 9))
			return anatomy(err)
		}},
	{name: "UDP: a closed port wakes a blocked Read", want: "ECONNREFUSED",
		play: func(t *testing.T, w world) string {
			c := dial(t, w, "udp", closedPort(w))
			later(func() { c.Write([]byte("x")) })
			_, err := c.Read(make([]byte, 9))
			return word(err)
		}},
	{name: "UDP: no socket that is not connected learns of a closed port", want: "ok, deadline",
		play: func(t *testing.T, w world) string {
			p, _ := packets(t, w)
			to, _ := net.ResolveUDPAddr("udp", closedPort(w))
			_, err := p.WriteTo([]byte("x"), to)
			settle()
			return said(word(err), readFrom(p, 9))
		}},
	{name: "UDP: too large", want: "write/udp/write/source:true/addr:true/timeout:false/EMSGSIZE",
		play: func(t *testing.T, w world) string {
			_, c := packets(t, w)
			_, err := c.Write(make([]byte, 65536))
			return anatomy(err)
		}},
	{name: "UDP: WriteTo on a connected socket, Write on one that is not", want: "net.ErrWriteToConnected, EDESTADDRREQ",
		play: func(t *testing.T, w world) string {
			p, c := packets(t, w)
			_, to := c.(net.PacketConn).WriteTo([]byte("x"), c.RemoteAddr())
			_, err := p.(net.Conn).Write([]byte("x"))
			return said(word(to), word(err))
		}},
	{name: "UDP: WriteTo something that is no UDP address", want: "write/udp/-/source:true/addr:true/timeout:false/true",
		play: func(t *testing.T, w world) string {
			p, _ := packets(t, w)
			_, err := p.WriteTo([]byte("x"), &net.UnixAddr{Name: "x"})
			op := err.(*net.OpError)
			return fmt.Sprintf("%s/%s/-/source:%t/addr:%t/timeout:%t/%t", op.Op, op.Net, op.Source != nil, op.Addr != nil, op.Timeout(), op.Err != nil)
		}},
	{name: "UDP: a flood is lost at the receiver, without an error", want: "ok, lost some: true, got some: true, more",
		play: func(t *testing.T, w world) string {
			p, c := packets(t, w)
			var err error
			for range 1000 {
				if _, e := c.Write(make([]byte, 1000)); e != nil {
					err = e
				}
			}
			settle()
			got := 0
			for readFrom(p, 1000) != "deadline" {
				got++
			}
			write(c, "more"+strings.Repeat(".", 996))
			settle()
			return said(word(err), fmt.Sprint("lost some: ", got < 1000), fmt.Sprint("got some: ", got > 0), readFrom(p, 4))
		}},
	{name: "UDP: deadline, Close, what comes after", want: "deadline, read/udp/-/source:true/addr:false/timeout:false/net.ErrClosed, net.ErrClosed",
		play: func(t *testing.T, w world) string {
			p, _ := packets(t, w)
			late := readFrom(p, 9)
			p.SetDeadline(time.Time{})
			later(func() { p.Close() })
			_, _, err := p.ReadFrom(make([]byte, 9))
			return said(late, anatomy(err), word(p.Close()))
		}},
	{name: "UDP: listening twice", want: "listen/udp/bind/source:false/addr:true/timeout:false/EADDRINUSE",
		play: func(t *testing.T, w world) string {
			p, _ := packets(t, w)
			_, err := w.listenPacket("udp", p.LocalAddr().String())
			return anatomy(err)
		}},
	{name: "UDP: listening on an address of another host", want: "EADDRNOTAVAIL",
		play: func(t *testing.T, w world) string {
			_, err := w.listenPacket("udp", "192.0.2.1:0")
			return word(err)
		}},
}

// packets is a server's socket and one of the client's, connected to it.
func packets(t *testing.T, w world) (net.PacketConn, net.Conn) {
	p, err := w.listenPacket("udp", net.JoinHostPort(w.server(), "0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p, dial(t, w, "udp", p.LocalAddr().String())
}

func readFrom(p net.PacketConn, n int) string {
	b := make([]byte, n)
	p.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	n, _, err := p.ReadFrom(b)
	if err != nil {
		return word(err)
	}
	return string(b[:n])
}
