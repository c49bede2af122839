package syslog

import (
	"net"
	"testing"

	. "github.com/onsi/gomega"
)

// An end of stream that lies in the kernel counts before anybody has read it.
func TestPeerClosed(t *testing.T) {
	g := NewWithT(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	g.Expect(err).NotTo(HaveOccurred())
	defer l.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	g.Expect(err).NotTo(HaveOccurred())
	defer conn.Close()
	peer, err := l.Accept()
	g.Expect(err).NotTo(HaveOccurred())
	defer peer.Close()

	g.Expect(peerClosed(conn)).To(BeFalse())
	g.Expect(peer.(*net.TCPConn).CloseWrite()).To(Succeed()) // over loopback it is there when this returns
	g.Expect(peerClosed(conn)).To(BeTrue())
	g.Expect(peerClosed("no socket")).To(BeFalse())
}
