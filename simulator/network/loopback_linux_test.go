package network

import (
	"context"
	"net"
	"syscall"
	"testing"

	. "github.com/onsi/gomega"
	"golang.org/x/sys/unix"
)

// loopback is the kernel's.
type loopback struct{}

func (loopback) dial(ctx context.Context, network, address string) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, network, address)
}
func (loopback) listen(network, address string) (net.Listener, error) {
	return net.Listen(network, address)
}
func (loopback) listenPacket(network, address string) (net.PacketConn, error) {
	return net.ListenPacket(network, address)
}
func (loopback) server() string { return "127.0.0.1" }

func (loopback) limitBacklog(l net.Listener, n int) {
	control(l.(*net.TCPListener), func(fd int) { syscall.Listen(fd, n) })
}

func (loopback) unacked(c net.Conn) (n int, ok bool) {
	err := control(c.(*net.TCPConn), func(fd int) {
		var err error
		n, err = unix.IoctlGetInt(fd, unix.TIOCOUTQ) // SIOCOUTQ by another name
		ok = err == nil
	})
	return n, ok && err == nil
}

func control(c syscall.Conn, f func(fd int)) error {
	raw, err := c.SyscallConn()
	if err != nil {
		return err
	}
	return raw.Control(func(fd uintptr) { f(int(fd)) })
}

func TestConformanceOfTheKernel(t *testing.T) {
	for _, b := range behaviours() {
		t.Run(b.name, func(t *testing.T) {
			t.Parallel()
			g := NewWithT(t)
			if len(b.kernel.also) > 0 {
				g.Expect(b.kernel.why).NotTo(BeEmpty(), "a difference without a reason")
			}
			g.Expect(b.play(t, loopback{})).To(BeElementOf(append(b.kernel.also, b.want)))
		})
	}
}
