package network

import (
	"fmt"
	"testing"
	"time"
)

var closing = []behaviour{
	{name: "half-close: the peer reads all, then EOF, and can answer", want: "hello, EOF, ok, bye, EPIPE",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			write(a, "hello")
			a.CloseWrite()
			settle()
			return said(read(b, 9), read(b, 9), write(b, "bye"), read(a, 9), write(a, "x"))
		}},
	{name: "half-close by the server", want: "hello, EOF, ok, bye, EOF",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			write(b, "hello")
			b.CloseWrite()
			settle()
			out := said(read(a, 9), read(a, 9), write(a, "bye"), read(b, 9))
			a.Close()
			return said(out, read(b, 9))
		}},
	{name: "close with a full send buffer: the peer still gets all, then EOF", want: "all: true, ok",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			wrote, _ := fill(b)
			b.Close()
			settle()
			got, err := drain(a)
			return said(fmt.Sprint("all: ", got == wrote), word(err))
		}},
	{name: "writes after the peer's close: the first succeeds and is lost", want: "ok, EPIPE, EPIPE, EOF",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			b.Close()
			settle()
			first := write(a, "x")
			settle()
			return said(first, write(a, "x"), write(a, "x"), read(a, 9))
		}},
	{name: "a write after the peer's close leaves what the peer said readable", want: "ok, bye, EOF, EPIPE",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			write(b, "bye")
			b.Close()
			settle()
			first := write(a, "x")
			settle()
			return said(first, read(a, 9), read(a, 9), write(a, "x"))
		}},
	{name: "a write that crosses the peer's close", want: "ok, EPIPE, EOF",
		kernel: difference{[]string{"ok, ECONNRESET, EOF"},
			"on loopback the FIN can be processed before the write, or after"},
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			write(a, "hello")
			read(b, 9)
			b.Close()
			crossing := write(a, "x")
			settle()
			return said(crossing, write(a, "y"), read(a, 9))
		}},
	{name: "one's own write after CloseWrite; a second Close", want: "write/tcp/write/source:true/addr:true/timeout:false/EPIPE, close/tcp/-/source:true/addr:true/timeout:false/net.ErrClosed",
		play: func(t *testing.T, w world) string {
			a, _ := pair(t, w)
			a.CloseWrite()
			_, err := a.Write([]byte("x"))
			a.Close()
			return said(anatomy(err), anatomy(a.Close()))
		}},
	{name: "everything after Close", want: "read/net.ErrClosed, write/net.ErrClosed, close/net.ErrClosed, set/net.ErrClosed",
		play: func(t *testing.T, w world) string {
			a, _ := pair(t, w)
			a.Close()
			return said("read/"+read(a, 9), "write/"+write(a, "x"), "close/"+word(a.CloseWrite()), "set/"+word(a.SetDeadline(time.Time{})))
		}},
	{name: "one's own Close wakes a blocked Read", want: "read/tcp/-/source:true/addr:true/timeout:false/net.ErrClosed",
		play: func(t *testing.T, w world) string {
			a, _ := pair(t, w)
			later(func() { a.Close() })
			_, err := a.Read(make([]byte, 9))
			return anatomy(err)
		}},
	{name: "one's own Close wakes a blocked Write", want: "net.ErrClosed",
		play: func(t *testing.T, w world) string {
			a, _ := pair(t, w)
			fill(a)
			later(func() { a.Close() })
			_, err := a.Write(make([]byte, 1<<20))
			return word(err)
		}},
	{name: "CloseRead: EOF, yet what comes later can be read", want: "EOF, ok, x, EOF, ok",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			a.CloseRead()
			before := read(a, 9)
			wrote := write(b, "x")
			settle()
			return said(before, wrote, read(a, 9), read(a, 9), write(b, "y"))
		}},
	{name: "CloseRead wakes a blocked Read", want: "EOF",
		play: func(t *testing.T, w world) string {
			a, _ := pair(t, w)
			later(func() { a.CloseRead() })
			_, err := a.Read(make([]byte, 9))
			return word(err)
		}},
	{name: "both have half-closed: a RST is no longer possible", want: "EOF, EOF, ENOTCONN, EOF",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			a.CloseWrite()
			settle()
			end := read(b, 9)
			b.CloseWrite()
			settle()
			abort(b)
			settle()
			return said(end, read(a, 9), word(a.CloseWrite()), read(a, 9))
		}},
}

var resetting = []behaviour{
	{name: "the peer closes with data unread", want: "ECONNRESET, EOF, EPIPE",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			write(a, "hello")
			settle()
			b.Close()
			settle()
			return said(read(a, 9), read(a, 9), write(a, "x"))
		}},
	{name: "the peer answers, then closes with data unread: the answer is readable", want: "reply, ECONNRESET, EOF",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			write(a, "hello")
			write(b, "reply")
			settle()
			b.Close()
			settle()
			return said(read(a, 9), read(a, 9), read(a, 9))
		}},
	{name: "RST, then Read", want: "read/tcp/read/source:true/addr:true/timeout:false/ECONNRESET, EOF, EPIPE",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			abort(b)
			settle()
			_, err := a.Read(make([]byte, 9))
			return said(anatomy(err), read(a, 9), write(a, "x"))
		}},
	{name: "RST, then Write", want: "write/tcp/write/source:true/addr:true/timeout:false/ECONNRESET, EPIPE, EOF",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			abort(b)
			settle()
			_, err := a.Write([]byte("x"))
			return said(anatomy(err), write(a, "x"), read(a, 9))
		}},
	{name: "RST leaves what the receiver's kernel holds", want: "hello, ECONNRESET",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			write(b, "hello")
			settle()
			abort(b)
			settle()
			return said(read(a, 9), read(a, 9))
		}},
	{name: "RST with a full send buffer: what was unsent is lost", want: "lost some: true, ECONNRESET",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			wrote, _ := fill(b)
			abort(b)
			settle()
			got, err := drain(a)
			return said(fmt.Sprint("lost some: ", got < wrote), word(err))
		}},
	{name: "RST wakes a blocked Read", want: "ECONNRESET, EPIPE",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			later(func() { abort(b) })
			_, err := a.Read(make([]byte, 9))
			return said(word(err), write(a, "x"))
		}},
	{name: "RST wakes a blocked Write", want: "ECONNRESET, EPIPE, EOF",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			fill(a)
			later(func() { b.Close() }) // with data unread
			_, err := a.Write(make([]byte, 1<<20))
			return said(word(err), write(a, "x"), read(a, 9))
		}},
	{name: "RST is told to one of a blocked Read and a blocked Write", want: "1 ECONNRESET",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			fill(a)
			later(func() { b.Close() })
			reader := make(chan error, 1)
			go func() {
				_, err := a.Read(make([]byte, 9))
				reader <- err
			}()
			_, err := a.Write(make([]byte, 1<<20))
			count := map[string]int{}
			count[word(err)]++
			count[word(<-reader)]++
			return fmt.Sprint(count["ECONNRESET"], " ECONNRESET")
		}},
	{name: "a half-closed end is reset", want: "ECONNRESET, EOF",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			a.CloseWrite()
			settle()
			abort(b)
			settle()
			return said(read(a, 9), read(a, 9))
		}},
	{name: "a half-closed end, whose peer closes with data unread", want: "ECONNRESET, EOF",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			write(a, "hello")
			a.CloseWrite()
			settle()
			b.Close()
			settle()
			return said(read(a, 9), read(a, 9))
		}},
	{name: "CloseWrite on a connection that was reset", want: "close/tcp/shutdown/source:true/addr:true/timeout:false/ENOTCONN, ECONNRESET",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			abort(b)
			settle()
			return said(anatomy(a.CloseWrite()), read(a, 9))
		}},
}
