package dial

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }
func (systemClock) AfterFunc(d time.Duration, f func()) func() bool {
	return time.AfterFunc(d, f).Stop
}
func (systemClock) Busy(int) {}

// internet is dialled in tests: addresses that answer, refuse, or stay silent.
type internet struct {
	names  map[string][]netip.Addr
	answer map[string]func(net.Conn)
	silent string
	dialed []string
}

func (i *internet) dialer() Dialer {
	return Dialer{Clock: systemClock{}, Limit: 10 * time.Second, Lookup: i.lookup, Dial: i.dial}
}

func (i *internet) lookup(_ context.Context, host string) ([]netip.Addr, error) {
	if host == "broken.example" {
		return nil, &net.DNSError{Err: "server misbehaving", Name: host}
	}
	return i.names[host], nil
}

func (i *internet) dial(ctx context.Context, _, address string) (net.Conn, error) {
	i.dialed = append(i.dialed, address)
	if address == i.silent {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	answer := i.answer[address]
	if answer == nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	}
	here, there := net.Pipe()
	go answer(there)
	return here, nil
}

func hangUp(conn net.Conn) { conn.Close() }

func TestEveryAddressIsTriedInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		world := &internet{
			names:  map[string][]netip.Addr{"syslog.example": {netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")}},
			answer: map[string]func(net.Conn){"192.0.2.2:514": hangUp},
			silent: "[2001:db8::1]:514",
		}
		began := time.Now()
		conn, err := world.dialer().DialContext(t.Context(), "tcp", "syslog.example:514")
		g.Expect(err).NotTo(HaveOccurred())
		conn.Close()
		g.Expect(world.dialed).To(Equal([]string{"[2001:db8::1]:514", "192.0.2.1:514", "192.0.2.2:514"}))
		g.Expect(time.Since(began)).To(Equal(10*time.Second), "a silent address costs its limit and no more")
	})
}

func TestDialErrorsAreOneLineThatNamesEverything(t *testing.T) {
	for name, c := range map[string]struct{ address, wanted string }{
		"refused":           {"192.0.2.9:514", "192.0.2.9:514: connection refused"},
		"refused by name":   {"one.example:514", "one.example:514: 192.0.2.9:514: connection refused"},
		"silent":            {"192.0.2.8:514", "192.0.2.8:514: connecting took longer than 10s"},
		"one of each":       {"two.example:514", "two.example:514: 192.0.2.9:514: connection refused; 192.0.2.8:514: connecting took longer than 10s"},
		"no such name":      {"none.example:514", "none.example:514: the name was not resolved: it has no address"},
		"look-up fails":     {"broken.example:514", "broken.example:514: the name was not resolved: lookup broken.example: server misbehaving"},
		"no port":           {"syslog.example", "syslog.example: expected host:port"},
		"address of a name": {"[2001:db8::9]:514", "[2001:db8::9]:514: connection refused"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				world := &internet{
					names: map[string][]netip.Addr{
						"one.example": {netip.MustParseAddr("192.0.2.9")},
						"two.example": {netip.MustParseAddr("192.0.2.9"), netip.MustParseAddr("192.0.2.8")},
					},
					silent: "192.0.2.8:514",
				}
				_, err := world.dialer().DialContext(t.Context(), "tcp", c.address)
				g.Expect(err).To(MatchError(c.wanted))
			})
		})
	}
}

func TestALookUpHasALimitToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		d := Dialer{Clock: systemClock{}, Limit: 3 * time.Second, Lookup: func(ctx context.Context, _ string) ([]netip.Addr, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}}
		_, err := d.DialContext(t.Context(), "tcp", "syslog.example:514")
		g.Expect(err).To(MatchError("syslog.example:514: the name was not resolved: the look-up took longer than 3s"))
		limit, ok := errors.AsType[*LimitError](err)
		g.Expect(ok && limit.Timeout()).To(BeTrue())
	})
}

func TestParseProxy(t *testing.T) {
	for given, wanted := range map[string]string{
		"":                             "",
		"proxy":                        "proxy:8080",
		"proxy.example:3128":           "proxy.example:3128",
		"192.0.2.1:80":                 "192.0.2.1:80",
		"[2001:db8::1]:3128":           "[2001:db8::1]:3128",
		"http://proxy.example":         "proxy.example:8080",
		"http://me:word@proxy:1/":      "proxy:1",
		"me:word@proxy.example:3128":   "proxy.example:3128",
		"http://proxy.example:3128/x":  "expected ADDRESS[:PORT] and nothing after it",
		"http://me:1234567#word@proxy": "expected ADDRESS[:PORT] and nothing after it", // a password to be escaped; not a port to be named
		"http://me:1234567/word@proxy": "expected ADDRESS[:PORT] and nothing after it",
		"https://proxy.example":        `a proxy of scheme "https" is not known, expected ADDRESS[:PORT]`,
		"socks5://proxy.example":       `a proxy of scheme "socks5" is not known, expected ADDRESS[:PORT]`,
		"proxy.example:0":              "port 0: expected 1 to 65535",
		"proxy.example:70000":          "port 70000: expected 1 to 65535",
		"me:word@proxy.example:http":   "expected ADDRESS[:PORT]",
		":3128":                        "expected ADDRESS[:PORT] and nothing after it",
		"two words":                    "expected ADDRESS[:PORT]",
	} {
		g := NewWithT(t)
		p, err := ParseProxy(given)
		if err != nil {
			g.Expect(err).To(MatchError(wanted), given)
			continue
		}
		g.Expect(p.Address).To(Equal(wanted), given)
	}
}

func TestTunnel(t *testing.T) {
	says := func(answer string) func(net.Conn) {
		return func(conn net.Conn) {
			http.ReadRequest(bufio.NewReader(conn))
			io.WriteString(conn, answer)
			conn.Close()
		}
	}
	const proxy, service = "192.0.2.1:8080", "contoso.example:443"
	for name, c := range map[string]struct {
		proxy  func(net.Conn) // nil: refuses
		wanted string
		own    bool // the failure is the proxy's own
	}{
		"it connects":                {says("HTTP/1.1 200 Connection established\r\n\r\nhello"), "", false},
		"it says yes in another way": {says("HTTP/1.1 204 Yes\r\n\r\nhello"), "", false},
		"it quotes the login":        {says("HTTP/1.1 403 not with \x1b[1m bWU6d29yZA==\r\n\r\n"), "the proxy 192.0.2.1:8080: it refused to connect to contoso.example:443: 403 Forbidden", true},
		"it refuses":                 {nil, "the proxy 192.0.2.1:8080: 192.0.2.1:8080: connection refused", true},
		"it wants a login":           {says("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"), "the proxy 192.0.2.1:8080: it wants a login (407)", true},
		"it is not a proxy":          {says("220 mail.example ESMTP\r\n"), "the proxy 192.0.2.1:8080: no answer that a proxy gives: malformed HTTP status code \"mail.example\"", true},
		"it hangs up":                {hangUp, "the proxy 192.0.2.1:8080: io: read/write on closed pipe", true},
		"it may not":                 {says("HTTP/1.1 403 Forbidden\r\n\r\n"), "the proxy 192.0.2.1:8080: it refused to connect to contoso.example:443: 403 Forbidden", true},
		"it can't reach it":          {says("HTTP/1.1 502 Bad Gateway\r\n\r\n"), "the proxy 192.0.2.1:8080 could not connect to contoso.example:443: 502 Bad Gateway", false},
		"it takes its time":          {func(conn net.Conn) { io.Copy(io.Discard, conn) }, "the request took longer than 1m0s", false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := NewWithT(t)
				world := &internet{answer: map[string]func(net.Conn){proxy: c.proxy}}
				p, err := ParseProxy("http://me:word@" + proxy)
				g.Expect(err).NotTo(HaveOccurred())
				ctx, stop := WithLimit(t.Context(), systemClock{}, time.Minute, "the request")
				defer stop()
				conn, err := p.Tunnel(ctx, world.dialer(), service)
				if c.wanted == "" {
					g.Expect(err).NotTo(HaveOccurred())
					g.Expect(io.ReadAll(conn)).To(BeEquivalentTo("hello"), "what came with the answer is read first")
					return
				}
				g.Expect(err).To(MatchError(c.wanted))
				_, own := errors.AsType[*ProxyError](err)
				g.Expect(own).To(Equal(c.own))
				g.Expect(err.Error()).NotTo(ContainSubstring("word"))
			})
		})
	}
}

func TestTheProxyIsGivenTheLogin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewWithT(t)
		got := make(chan *http.Request, 1)
		world := &internet{answer: map[string]func(net.Conn){"192.0.2.1:8080": func(conn net.Conn) {
			request, _ := http.ReadRequest(bufio.NewReader(conn))
			got <- request
			io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		}}}
		p, _ := ParseProxy("me:word@192.0.2.1")
		_, err := p.Tunnel(t.Context(), world.dialer(), "contoso.example:443")
		g.Expect(err).NotTo(HaveOccurred())
		request := <-got
		g.Expect(request.Method + " " + request.RequestURI + " " + request.Host).To(Equal("CONNECT contoso.example:443 contoso.example:443"))
		g.Expect(request.Header.Get("Proxy-Authorization")).To(Equal("Basic bWU6d29yZA=="))
	})
}

// closing ends a context while it is read from.
type closing struct {
	net.Conn
	cancel context.CancelFunc
}

func (c closing) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.cancel()
	return n, err
}

func TestALimitThatEndsWithTheProxysAnswerIsAnError(t *testing.T) {
	g := NewWithT(t)
	ctx, cancel := context.WithCancel(t.Context())
	here, there := net.Pipe()
	go func() {
		http.ReadRequest(bufio.NewReader(there))
		io.WriteString(there, "HTTP/1.1 200 OK\r\n\r\n")
	}()
	d := Dialer{Clock: systemClock{}, Dial: func(context.Context, string, string) (net.Conn, error) {
		return closing{here, cancel}, nil
	}}
	conn, err := Proxy{Address: "192.0.2.1:8080"}.Tunnel(ctx, d, "contoso.example:443")
	g.Expect(err).To(MatchError(context.Canceled))
	g.Expect(conn).To(BeNil())
}
