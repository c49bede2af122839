package agent

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"

	"siemdrill/agent/internal/dial"
)

// refusedHandshake is a TLS handshake that failed over what the two sides said,
// and not over the network: a certificate that is not trusted, no common
// version.
type refusedHandshake struct{ cause error }

func (e *refusedHandshake) Error() string { return fmt.Sprintf("TLS: %v", e.cause) }
func (e *refusedHandshake) Unwrap() error { return e.cause }

// transport reaches the service over HTTPS, directly or through the proxy. It
// makes the tunnel and the session itself, so that one limit, of the agent's
// clock, covers all of it, and the end of the agent ends it.
func transport(ctx context.Context, dialer dial.Dialer, proxy dial.Proxy, roots *x509.CertPool, limit time.Duration) *http.Transport {
	connect := func(request context.Context, _, address string) (net.Conn, error) {
		limited, stop := dial.WithLimit(request, dialer.Clock, limit, "connecting to "+address)
		defer stop()
		limited, cancel := context.WithCancelCause(limited)
		defer cancel(nil)
		defer context.AfterFunc(ctx, func() { cancel(context.Cause(ctx)) })()
		conn, err := proxy.Tunnel(limited, dialer, address)
		if err != nil {
			return nil, err
		}
		host, _, _ := net.SplitHostPort(address) // a Transport always gives both
		session := tls.Client(newReadAhead(conn), &tls.Config{
			ServerName: host,
			MinVersion: tls.VersionTLS12, // documented: TLS 1.2 or newer only
			RootCAs:    roots,
			Time:       dialer.Clock.Now,

			VerifyConnection: notRevoked,
		})
		if err := session.HandshakeContext(limited); err != nil {
			conn.Close()
			return nil, handshakeError(limited, inPlainWords(err, dialer.Clock.Now()))
		}
		return session, nil
	}
	return &http.Transport{
		DialTLSContext:      connect,
		MaxIdleConnsPerHost: 4, // contact, configuration and two pulls
	}
}

// trusted returns base, nil for the system's roots, and what file adds to it;
// an empty file adds nothing.
func trusted(base *x509.CertPool, file string) (*x509.CertPool, error) {
	if file == "" {
		return base, nil
	}
	if base == nil {
		system, err := x509.SystemCertPool()
		if err != nil {
			return nil, err
		}
		base = system
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	pool := base.Clone()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("%s: expected certificates in PEM", file)
	}
	return pool, nil
}

func handshakeError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Op != "remote error" && op.Op != "local error" {
		return fmt.Errorf("TLS: %w", err) // the network's; crypto/tls gives alerts as a net.OpError too
	}
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("TLS: %w", err)
	}
	return &refusedHandshake{err}
}
