package syslog

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// closeWait is TCP_CLOSE_WAIT: the peer has closed its side, and we have not
// (RFC 9293, section 3.3.2; the number is Linux's).
const closeWait = 8

// peerClosed says whether the kernel has the peer's end of stream, read or not
// (tcp(7), TCP_INFO). It must be asked before the own side is closed: the state
// doesn't tell afterwards who was first.
func peerClosed(conn any) bool {
	socket, ok := conn.(syscall.Conn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	closed := false
	err = raw.Control(func(fd uintptr) {
		info, failure := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		closed = failure == nil && info.State == closeWait
	})
	return err == nil && closed
}
