package network

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"
)

var (
	errNotAvailable = os.NewSyscallError("bind", syscall.EADDRNOTAVAIL)
	errInUse        = os.NewSyscallError("bind", syscall.EADDRINUSE)
)

// contextEnd is what package net makes of a context's end: its texts are
// net's, its Unwrap the context's error.
type contextEnd struct{ err error }

func endOf(ctx context.Context) error { return contextEnd{ctx.Err()} }

func (e contextEnd) Error() string {
	if e.Timeout() {
		return "i/o timeout"
	}
	return "operation was canceled"
}
func (e contextEnd) Timeout() bool   { return errors.Is(e.err, context.DeadlineExceeded) }
func (e contextEnd) Temporary() bool { return e.Timeout() }
func (e contextEnd) Unwrap() error   { return e.err }

func isTimeout(err error) bool {
	t, ok := err.(interface{ Timeout() bool })
	return ok && t.Timeout()
}

// named is a system call's error as package net gives it.
func named(call string, err error) error {
	if _, ok := err.(syscall.Errno); ok {
		return os.NewSyscallError(call, err)
	}
	return err
}

func tcpAddr(a netip.AddrPort) net.Addr { return net.TCPAddrFromAddrPort(a) }
func udpAddr(a netip.AddrPort) net.Addr { return net.UDPAddrFromAddrPort(a) }
