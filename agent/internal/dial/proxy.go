package dial

import (
	"bufio"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Proxy is an HTTP proxy that is asked for tunnels (RFC 9110, section 9.3.6).
// The zero value is no proxy.
type Proxy struct {
	Address  string // host:port
	user     string
	password string
}

// defaultProxyPort is what an address without a port means.
const defaultProxyPort = "8080"

// ParseProxy reads ADDRESS[:PORT] or http://[USER:PASSWORD@]ADDRESS[:PORT]. An
// error says what was expected and never contains a password.
func ParseProxy(s string) (Proxy, error) {
	if s == "" {
		return Proxy{}, nil
	}
	if !strings.Contains(s, "://") {
		s = "http://" + s
	}
	u, err := url.Parse(s)
	if err != nil {
		return Proxy{}, errors.New("expected ADDRESS[:PORT]") // err would quote s whole
	}
	switch {
	case u.Scheme != "http":
		return Proxy{}, fmt.Errorf("a proxy of scheme %q is not known, expected ADDRESS[:PORT]", u.Scheme)
	case u.Hostname() == "" || strings.ContainsAny(u.Hostname(), " \t") || (u.Path != "" && u.Path != "/") || u.RawQuery != "" || u.Fragment != "":
		return Proxy{}, errors.New("expected ADDRESS[:PORT] and nothing after it")
	}
	port := u.Port()
	if port == "" {
		port = defaultProxyPort
	}
	if n, err := strconv.Atoi(port); err != nil || n < 1 || n > 65535 {
		return Proxy{}, fmt.Errorf("port %s: expected 1 to 65535", port)
	}
	password, _ := u.User.Password()
	return Proxy{Address: net.JoinHostPort(u.Hostname(), port), user: u.User.Username(), password: password}, nil
}

// ProxyError is a proxy that could not be used. Cause never contains the
// password.
type ProxyError struct {
	Address string
	Cause   error
}

func (e *ProxyError) Error() string { return fmt.Sprintf("the proxy %s: %v", e.Address, e.Cause) }

// Unwrap returns the cause.
func (e *ProxyError) Unwrap() error { return e.Cause }

// Tunnel connects to address through p, or directly if p is none. A failure
// that is the proxy's own is a *ProxyError; one that the proxy has with address
// (an answer of 5xx) is not.
func (p Proxy) Tunnel(ctx context.Context, d Dialer, address string) (net.Conn, error) {
	if p.Address == "" {
		return d.DialContext(ctx, "tcp", address)
	}
	conn, err := d.DialContext(ctx, "tcp", p.Address)
	if err != nil {
		return nil, &ProxyError{p.Address, err}
	}
	release := context.AfterFunc(ctx, func() { conn.Close() })
	tunnel, err := p.connect(conn, address)
	if !release() { // ctx has ended, and conn with it
		return nil, context.Cause(ctx)
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return tunnel, nil
}

func (p Proxy) connect(conn net.Conn, address string) (net.Conn, error) {
	request := &http.Request{Method: http.MethodConnect, URL: &url.URL{Opaque: address}, Host: address, Header: http.Header{}}
	if p.user != "" {
		credentials := base64.StdEncoding.EncodeToString([]byte(p.user + ":" + p.password))
		request.Header.Set("Proxy-Authorization", "Basic "+credentials)
	}
	if err := request.Write(conn); err != nil {
		return nil, &ProxyError{p.Address, err}
	}
	reader := bufio.NewReader(conn)
	response, err := http.ReadResponse(reader, request)
	if err != nil {
		return nil, &ProxyError{p.Address, fmt.Errorf("no answer that a proxy gives: %w", err)}
	}
	status := fmt.Sprint(response.StatusCode, " ", http.StatusText(response.StatusCode)) // its own words may quote the login
	switch {
	case response.StatusCode/100 == 2:
		return &tunnel{Conn: conn, reader: reader}, nil
	case response.StatusCode == http.StatusProxyAuthRequired:
		return nil, &ProxyError{p.Address, errors.New("it wants a login (407)")}
	case response.StatusCode >= 500:
		return nil, fmt.Errorf("the proxy %s could not connect to %s: %s", p.Address, address, status)
	}
	return nil, &ProxyError{p.Address, fmt.Errorf("it refused to connect to %s: %s", address, status)}
}

// tunnel reads first what came together with the proxy's answer.
type tunnel struct {
	net.Conn
	reader *bufio.Reader
}

func (t *tunnel) Read(p []byte) (int, error) { return t.reader.Read(p) }
