package fakesyslog

import (
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// wholeQueue is the length that Go asks the kernel for: the kernel's maximum.
const wholeQueue = 1<<16 - 1

// dropAll is a socket filter that accepts nothing: the kernel drops what comes
// for the socket before it looks at it, so a SYN stays unanswered and data
// unacknowledged, as behind a firewall that drops. On some kernels it needs CAP_NET_ADMIN (seen with 6.18).
var dropAll = unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: 0}

// silence lets the kernel drop, or no longer drop, what comes for a listener or
// a connection. A network in memory offers Silence(bool) error instead.
func silence(socket any, on bool) error {
	if s, ok := socket.(interface{ Silence(on bool) error }); ok {
		return s.Silence(on)
	}
	return onSocket(socket, func(fd int) error {
		if !on {
			return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DETACH_FILTER, 0)
		}
		return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER,
			&unix.SockFprog{Len: 1, Filter: &dropAll})
	})
}

// setQueue sets how many connections a listener keeps that were not accepted:
// one more than n, as Linux counts. A second listen(2) is allowed and does that.
func setQueue(listener any, n int) error {
	if s, ok := listener.(interface{ SetBacklog(n int) }); ok {
		s.SetBacklog(n)
		return nil
	}
	return onSocket(listener, func(fd int) error { return unix.Listen(fd, n) })
}

// onSocket calls f with the descriptor of a socket.
func onSocket(socket any, f func(fd int) error) error {
	sc, ok := socket.(syscall.Conn)
	if !ok {
		return fmt.Errorf("%T is no socket of the kernel and can't be told to be silent", socket)
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := raw.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}
