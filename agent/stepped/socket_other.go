//go:build !linux

package stepped

import (
	"errors"
	"net"
	"syscall"
)

// What stepped time needs of the kernel is known for Linux only. An agent
// elsewhere can be a party; the coordinator and its fakes run on Linux.

var errElsewhere = errors.New("stepped time has its fakes on Linux only")

func lateBinding(syscall.RawConn) error     { return nil }
func quick(*net.TCPConn)                    {}
func unacked(*net.TCPConn) (n int, ok bool) { return 0, false }
func silence(syscall.Conn, bool) error      { return errElsewhere }
func readable(syscall.Conn) bool            { return false }
func writable(syscall.RawConn) bool         { return false }
