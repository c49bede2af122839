package simulator

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// balancer is a load balancer before the syslog server that copies bytes: it
// takes what the agent sends and confirms it itself, and when the server ends a
// connection, in whatever way, it ends the other one as if all were well.
type balancer struct {
	site     site
	listener net.Listener
	stopped  chan struct{}

	mu      sync.Mutex
	conns   map[net.Conn]bool
	running sync.WaitGroup
}

// start listens on the receiver's port and copies to the receiver.
func (b *balancer) start() error {
	address := fmt.Sprintf(":%d", receiverPort)
	l, err := b.site.place("proxy").listen(context.Background(), "tcp", address)
	if err != nil {
		return err
	}
	b.listener, b.conns, b.stopped = l, map[net.Conn]bool{}, make(chan struct{})
	b.running.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			b.running.Go(func() { b.copy(near) })
		}
	})
	return nil
}

// copy connects a client with the receiver.
func (b *balancer) copy(near net.Conn) {
	defer near.Close()
	receiver := fmt.Sprintf("%s:%d", receiverName, b.site.port(receiverPort))
	far, err := b.site.place("proxy").dial(context.Background(), "tcp", receiver)
	if err != nil {
		return
	}
	defer far.Close()
	b.keep(true, near, far)
	defer b.keep(false, near, far)
	var back sync.WaitGroup
	back.Go(func() {
		b.pass(near, far)
		closeWriting(near) // whatever the end was
		io.Copy(io.Discard, near)
	})
	b.pass(far, near)
	closeWriting(far)
	back.Wait()
}

// passing is how long bytes, or their end, take from one side of the balancer to
// the other: longer than the agent waits before it asks for a confirmation.
const passing = 2 * time.Millisecond

// pass copies until reading or writing ends.
func (b *balancer) pass(to io.Writer, from io.Reader) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		passed := make(chan struct{})
		b.site.afterFunc(passing, func() { close(passed) })
		select {
		case <-passed:
		case <-b.stopped:
			return
		}
		if _, failed := to.Write(buffer[:n]); failed != nil || err != nil {
			return
		}
	}
}

func closeWriting(c net.Conn) {
	if half, ok := c.(interface{ CloseWrite() error }); ok {
		half.CloseWrite()
	}
}

func (b *balancer) keep(on bool, conns ...net.Conn) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range conns {
		if on {
			b.conns[c] = true
		} else {
			delete(b.conns, c)
		}
	}
}

// stop ends the balancer and everything that it copies.
func (b *balancer) stop() {
	if b.listener == nil {
		return
	}
	b.listener.Close()
	close(b.stopped)
	b.mu.Lock()
	for c := range b.conns {
		c.Close()
	}
	b.mu.Unlock()
	b.running.Wait()
	b.listener = nil
}
