package syslog

import "net"

// acknowledged is a connection that knows how many of the bytes that were
// written the peer's kernel has not acknowledged yet; ok is false when that is
// not to be had.
type acknowledged interface{ Unacked() (n int, ok bool) }

// unackedOf returns conn's own count, or the kernel's for a TCP connection, or
// nil.
func unackedOf(conn net.Conn) acknowledged {
	switch c := conn.(type) {
	case acknowledged:
		return c
	case *net.TCPConn:
		return kernelCount{c}
	}
	return nil
}

// kernelCount asks the kernel.
type kernelCount struct{ conn *net.TCPConn }
