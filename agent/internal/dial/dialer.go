package dial

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"
)

// Dialer connects to names. Clock is needed; nil functions mean the system's.
type Dialer struct {
	Dial   func(ctx context.Context, network, address string) (net.Conn, error)
	Lookup func(ctx context.Context, host string) ([]netip.Addr, error)
	Clock  Clock
	Limit  time.Duration // of the look-up, and of each address; 0 means none
}

// DialContext connects to address, host:port, on network, "tcp" or "udp". It
// asks for the name's addresses every time and tries them in turn. An error is
// one line that names the host, what failed, and each address that was tried.
func (d Dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("%s: expected host:port", address)
	}
	addrs, err := d.lookup(ctx, host)
	if err != nil {
		return nil, fmt.Errorf("%s: the name was not resolved: %w", address, err)
	}
	var failures Failures
	for _, addr := range addrs {
		target := net.JoinHostPort(addr.Unmap().String(), port)
		conn, err := d.dial(ctx, network, target)
		if err == nil {
			return conn, nil
		}
		if target != address {
			err = fmt.Errorf("%s: %w", target, err)
		}
		failures = append(failures, err)
	}
	return nil, fmt.Errorf("%s: %w", address, failures)
}

func (d Dialer) lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if addr, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{addr}, nil
	}
	ctx, stop := d.limited(ctx, "the look-up")
	defer stop()
	lookup := d.Lookup
	if lookup == nil {
		lookup = func(ctx context.Context, host string) ([]netip.Addr, error) {
			return net.DefaultResolver.LookupNetIP(ctx, "ip", host)
		}
	}
	addrs, err := lookup(ctx, host)
	if err == nil && len(addrs) == 0 {
		err = errors.New("it has no address")
	}
	return addrs, Cause(ctx, err)
}

func (d Dialer) dial(ctx context.Context, network, target string) (net.Conn, error) {
	ctx, stop := d.limited(ctx, "connecting")
	defer stop()
	dial := d.Dial
	if dial == nil {
		dial = new(net.Dialer).DialContext
	}
	conn, err := dial(ctx, network, target)
	return conn, brief(Cause(ctx, err))
}

func (d Dialer) limited(ctx context.Context, what string) (context.Context, func()) {
	if d.Limit == 0 {
		return ctx, func() {}
	}
	return WithLimit(ctx, d.Clock, d.Limit, what)
}

// brief takes the addresses off an error of package net: they are in the line
// already.
func brief(err error) error {
	if op, ok := errors.AsType[*net.OpError](err); ok {
		return op.Err
	}
	return err
}

// Failures is one failure an address, on one line.
type Failures []error

func (f Failures) Error() string {
	lines := make([]string, len(f))
	for i, err := range f {
		lines[i] = err.Error()
	}
	return strings.Join(lines, "; ")
}

// Unwrap returns each of them.
func (f Failures) Unwrap() []error { return f }
