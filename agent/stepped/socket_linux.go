package stepped

import (
	"net"
	"syscall"

	"golang.org/x/sys/unix"
)

// onSocket calls f with the socket's descriptor.
func onSocket(s syscall.Conn, f func(fd int) error) error {
	raw, err := s.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	if err := raw.Control(func(fd uintptr) { inner = f(int(fd)) }); err != nil {
		return err
	}
	return inner
}

// lateBinding lets the kernel choose the port when the target is known, so that
// there are as many as without an address of one's own (ip(7)).
func lateBinding(raw syscall.RawConn) error {
	var inner error
	err := raw.Control(func(fd uintptr) {
		inner = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_BIND_ADDRESS_NO_PORT, 1)
	})
	if err != nil {
		return err
	}
	return inner
}

// quick has what was read acknowledged now: a delayed acknowledgement waits up
// to 40 ms on the kernel's clock (tcp(7), TCP_QUICKACK). A socket that is closed
// already needs none.
func quick(c *net.TCPConn) {
	_ = onSocket(c, func(fd int) error { return unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_QUICKACK, 1) })
}

// unacked is what is in the send queue, sent or not (tcp(7), SIOCOUTQ).
func unacked(c *net.TCPConn) (n int, ok bool) {
	err := onSocket(c, func(fd int) (err error) {
		n, err = unix.IoctlGetInt(fd, unix.SIOCOUTQ)
		return err
	})
	return n, err == nil
}

// dropAll is a socket filter that accepts nothing.
var dropAll = unix.SockFilter{Code: unix.BPF_RET | unix.BPF_K, K: 0}

// silence lets the kernel drop what comes for a socket before it looks at it.
func silence(s syscall.Conn, on bool) error {
	return onSocket(s, func(fd int) error {
		if !on {
			return unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_DETACH_FILTER, 0)
		}
		return unix.SetsockoptSockFprog(fd, unix.SOL_SOCKET, unix.SO_ATTACH_FILTER, &unix.SockFprog{Len: 1, Filter: &dropAll})
	})
}

// readable says whether a read or an accept would return at once.
func readable(s syscall.Conn) bool {
	raw, err := s.SyscallConn()
	return err == nil && ready(raw, unix.POLLIN)
}

// writable says whether a socket that connects has connected, or has failed.
func writable(raw syscall.RawConn) bool { return ready(raw, unix.POLLOUT) }

func ready(raw syscall.RawConn, events int16) bool {
	n := 0
	_ = raw.Control(func(fd uintptr) { // fails once it is closed: nothing is to be had there
		n, _ = unix.Poll([]unix.PollFd{{Fd: int32(fd), Events: events}}, 0)
	})
	return n > 0
}
