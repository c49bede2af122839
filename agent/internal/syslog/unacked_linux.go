package syslog

import "golang.org/x/sys/unix"

// Unacked returns what is in the send queue, sent or not (tcp(7), SIOCOUTQ).
func (k kernelCount) Unacked() (n int, ok bool) {
	raw, err := k.conn.SyscallConn()
	if err != nil {
		return 0, false
	}
	var failure error
	err = raw.Control(func(fd uintptr) { n, failure = unix.IoctlGetInt(int(fd), unix.SIOCOUTQ) })
	return n, err == nil && failure == nil
}
