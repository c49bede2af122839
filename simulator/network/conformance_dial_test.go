package network

import (
	"context"
	"fmt"
	"net"
	"testing"
	"time"
)

var dialling = []behaviour{
	{name: "a closed port refuses", want: "dial/tcp/connect/source:false/addr:true/timeout:false/ECONNREFUSED",
		play: func(t *testing.T, w world) string {
			_, err := w.dial(t.Context(), "tcp", closedPort(w))
			return anatomy(err)
		}},
	{name: "a dial whose context has ended", want: "dial/tcp/-/source:false/addr:true/timeout:false/cancelled, operation was canceled",
		play: func(t *testing.T, w world) string {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			_, err := w.dial(ctx, "tcp", closedPort(w))
			return said(anatomy(err), err.(*net.OpError).Err.Error())
		}},
	{name: "a dial cancelled while it waits", want: "dial/tcp/-/source:false/addr:true/timeout:false/cancelled, operation was canceled",
		play: func(t *testing.T, w world) string {
			l := listen(t, w)
			w.limitBacklog(l, 0)
			dial(t, w, "tcp", l.Addr().String())
			ctx, cancel := context.WithCancel(context.Background())
			later(cancel)
			_, err := w.dial(ctx, "tcp", l.Addr().String())
			return said(anatomy(err), err.(*net.OpError).Err.Error())
		}},
	{name: "a backlog of 1 holds two, the next dial waits until its deadline", want: "2, timeout: true, ctx deadline",
		kernel: difference{[]string{"2, timeout: true, deadline"},
			"net.Dialer's error wraps context.DeadlineExceeded or os.ErrDeadlineExceeded, whichever of two timers wins"},
		play: func(t *testing.T, w world) string {
			l := listen(t, w)
			w.limitBacklog(l, 1)
			for i := 0; ; i++ {
				ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
				c, err := w.dial(ctx, "tcp", l.Addr().String())
				cancel()
				if err != nil {
					return said(fmt.Sprint(i), fmt.Sprint("timeout: ", err.(net.Error).Timeout()), word(err))
				}
				t.Cleanup(func() { c.Close() })
			}
		}},
	{name: "a full backlog is emptied: the SYN sent again after 1 s succeeds", want: "ok, 1s",
		play: func(t *testing.T, w world) string {
			l := listen(t, w)
			w.limitBacklog(l, 0)
			dial(t, w, "tcp", l.Addr().String())
			start := time.Now()
			later(func() {
				if c, err := l.Accept(); err == nil {
					c.Close()
				}
			})
			c, err := w.dial(t.Context(), "tcp", l.Addr().String())
			if err == nil {
				c.Close()
			}
			return said(word(err), time.Since(start).Round(200*time.Millisecond).String())
		}},
	{name: "addresses are the same, seen from both ends", want: "true, true, tcp",
		play: func(t *testing.T, w world) string {
			a, b := pair(t, w)
			return said(fmt.Sprint(a.LocalAddr().String() == b.RemoteAddr().String()),
				fmt.Sprint(a.RemoteAddr().String() == b.LocalAddr().String()), a.LocalAddr().Network())
		}},
	{name: "an address without a port", want: "dial/tcp/-/source:false/addr:false/timeout:false/dial tcp: address x: missing port in address",
		play: func(t *testing.T, w world) string {
			_, err := w.dial(t.Context(), "tcp", "x")
			return anatomy(err)
		}},
	{name: "a network that doesn't exist", want: "dial/tpc/-/source:false/addr:false/timeout:false/dial tpc: unknown network tpc",
		play: func(t *testing.T, w world) string {
			_, err := w.dial(t.Context(), "tpc", closedPort(w))
			return anatomy(err)
		}},
	{name: "an address of the wrong family", want: "dial/tcp/-/source:false/addr:false/timeout:false",
		play: func(t *testing.T, w world) string {
			network, address := "tcp6", "127.0.0.1:9"
			_, err := w.dial(t.Context(), network, address)
			op := err.(*net.OpError)
			return fmt.Sprintf("%s/%s/-/source:%t/addr:%t/timeout:%t", op.Op, "tcp", op.Source != nil, op.Addr != nil, op.Timeout())
		}},
}

var listening = []behaviour{
	{name: "listening twice", want: "listen/tcp/bind/source:false/addr:true/timeout:false/EADDRINUSE",
		play: func(t *testing.T, w world) string {
			_, err := w.listen("tcp", listen(t, w).Addr().String())
			return anatomy(err)
		}},
	{name: "listening everywhere, where one address is taken", want: "EADDRINUSE",
		play: func(t *testing.T, w world) string {
			_, port, _ := net.SplitHostPort(listen(t, w).Addr().String())
			_, err := w.listen("tcp", ":"+port)
			return word(err)
		}},
	{name: "listening on an address of another host", want: "listen/tcp/bind/source:false/addr:true/timeout:false/EADDRNOTAVAIL",
		play: func(t *testing.T, w world) string {
			_, err := w.listen("tcp", "192.0.2.1:0") // RFC 5737: documentation
			return anatomy(err)
		}},
	{name: "the port is free again after Close", want: "ok",
		play: func(t *testing.T, w world) string {
			l := listen(t, w)
			l.Close()
			again, err := w.listen("tcp", l.Addr().String())
			if err == nil {
				again.Close()
			}
			return word(err)
		}},
	{name: "without an address IPv4 and IPv6 are served", want: "ok, ok",
		play: func(t *testing.T, w world) string {
			l, err := w.listen("tcp", ":0")
			if err != nil {
				return err.Error()
			}
			defer l.Close()
			_, port, _ := net.SplitHostPort(l.Addr().String())
			local := w.dial
			if m, ok := w.(memory); ok {
				local = m.b.Dial
			}
			var words []string
			for _, ip := range []string{"127.0.0.1", "::1"} {
				c, err := local(t.Context(), "tcp", net.JoinHostPort(ip, port))
				if err == nil {
					c.Close()
				}
				words = append(words, word(err))
			}
			return said(words...)
		}},
	{name: "tcp4 serves IPv4 only", want: "0.0.0.0, ECONNREFUSED",
		play: func(t *testing.T, w world) string {
			l, err := w.listen("tcp4", ":0")
			if err != nil {
				return err.Error()
			}
			defer l.Close()
			host, port, _ := net.SplitHostPort(l.Addr().String())
			local := w.dial
			if m, ok := w.(memory); ok {
				local = m.b.Dial
			}
			_, err = local(t.Context(), "tcp", net.JoinHostPort("::1", port))
			return said(host, word(err))
		}},
	{name: "Accept ends at its deadline, and when closed", want: "accept/tcp/-/source:false/addr:true/timeout:true/deadline, accept/tcp/-/source:false/addr:true/timeout:false/net.ErrClosed",
		play: func(t *testing.T, w world) string {
			l := listen(t, w)
			l.(interface{ SetDeadline(time.Time) error }).SetDeadline(time.Now().Add(20 * time.Millisecond))
			_, late := l.Accept()
			l.(interface{ SetDeadline(time.Time) error }).SetDeadline(time.Time{})
			later(func() { l.Close() })
			_, closed := l.Accept()
			return said(anatomy(late), anatomy(closed))
		}},
	{name: "closing a listener twice", want: "close/tcp/-/source:false/addr:true/timeout:false/net.ErrClosed",
		play: func(t *testing.T, w world) string {
			l := listen(t, w)
			l.Close()
			return anatomy(l.Close())
		}},
	{name: "a client may write before it is accepted", want: "ok, x, EOF",
		play: func(t *testing.T, w world) string {
			l := listen(t, w)
			c := dial(t, w, "tcp", l.Addr().String())
			wrote := write(c, "x")
			c.Close()
			settle()
			b := accept(t, l)
			return said(wrote, read(b, 9), read(b, 9))
		}},
	{name: "a listener closes with a connection not accepted", want: "ok, ECONNRESET, EOF",
		play: func(t *testing.T, w world) string {
			l := listen(t, w)
			c := dial(t, w, "tcp", l.Addr().String())
			wrote := write(c, "x")
			settle()
			l.Close()
			settle()
			return said(wrote, read(c, 9), read(c, 9))
		}},
}
