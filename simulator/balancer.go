package simulator

import (
	"context"
	"fmt"
	"io"
	"net"
	"sync"
)

// balancer is a load balancer before the syslog server that copies bytes: it
// takes what the agent sends and confirms it itself, and when the server ends a
// connection, in whatever way, it ends the other one as if all were well.
type balancer struct {
	place    place
	listener net.Listener

	mu      sync.Mutex
	conns   map[net.Conn]bool
	running sync.WaitGroup
}

// start listens on the receiver's port and copies to the receiver.
func (b *balancer) start() error {
	address := fmt.Sprintf(":%d", receiverPort)
	l, err := b.place.listen(context.Background(), "tcp", address)
	if err != nil {
		return err
	}
	b.listener, b.conns = l, map[net.Conn]bool{}
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
	far, err := b.place.dial(context.Background(), "tcp", fmt.Sprintf("%s:%d", receiverName, receiverPort))
	if err != nil {
		return
	}
	defer far.Close()
	b.keep(true, near, far)
	defer b.keep(false, near, far)
	var back sync.WaitGroup
	back.Go(func() {
		io.Copy(near, far)
		closeWriting(near) // whatever the end was
		io.Copy(io.Discard, near)
	})
	io.Copy(far, near)
	closeWriting(far)
	back.Wait()
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
	b.mu.Lock()
	for c := range b.conns {
		c.Close()
	}
	b.mu.Unlock()
	b.running.Wait()
	b.listener = nil
}
