package network

import (
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"
)

// flow is what tells one host's connections apart.
type flow struct{ local, remote netip.AddrPort }

// Conn is one end of a TCP connection. Besides net.Conn it has the methods of
// *net.TCPConn that a program here uses, and Unacked.
type Conn struct {
	n      *Network
	host   *Host
	peer   *Conn
	at     flow
	client bool
	order  uint64 // in which it was opened

	// What the program wrote. out holds, in this order, what is in flight and
	// what is unsent; a byte leaves it when it arrives.
	out       queue[byte]
	flying    int // bytes of out that are in flight
	unacked   int // bytes written whose acknowledgement has not come
	sendLimit int
	wire      queue[segment]
	wireTimer *time.Timer
	writing   bool // a Write is under way; the next one waits for it
	writeShut bool // CloseWrite or Close
	finSent   bool

	// What came from the peer.
	in        queue[byte]
	readLimit int
	readShut  bool // CloseRead
	gotFIN    bool

	// How it ends. fault is Linux's sk_err: told once, to whoever asks first.
	fault  error
	dead   bool // reset or given up: nothing is sent or received any more
	closed bool // by this end's program
	silent bool // drops what comes for it
	linger int
	lost   lost

	// Which way the packets go; kept by locate.
	there, back fate
	latency     time.Duration
	watch       watch

	readLine, writeLine deadline
	readable, writable  sync.Cond
}

// open makes both ends of a connection, and returns the client's.
func (n *Network) open(a *attempt, server *Host) *Conn {
	client := n.end(a.host, flow{a.from, a.to})
	client.client = true
	client.peer = n.end(server, flow{a.to, a.from})
	client.peer.peer = client
	client.reroute()
	client.peer.reroute()
	return client
}

func (n *Network) end(h *Host, at flow) *Conn {
	n.opened++
	c := &Conn{n: n, host: h, at: at, order: n.opened, linger: -1,
		sendLimit: n.SendBuffer, readLimit: n.ReceiveBuffer, watch: watch{userTimeout: retransmission}}
	c.watch.configure(net.KeepAliveConfig{Enable: true})
	c.readable.L, c.writable.L = (*gate)(n), (*gate)(n)
	h.conns[at] = c
	return c
}

// Read reads what has arrived. After a RST it first gives what the kernel
// already held, as Linux does; then ECONNRESET, once.
func (c *Conn) Read(p []byte) (int, error) {
	c.n.lock()
	defer c.n.unlock()
	for {
		c.host.awake()
		switch {
		case c.closed:
			return 0, c.opError("read", net.ErrClosed)
		case len(p) == 0:
			return 0, nil
		case c.readLine.expired():
			return 0, c.opError("read", os.ErrDeadlineExceeded)
		case c.in.len() > 0:
			n := min(len(p), c.in.len())
			copy(p, c.in.first(n))
			c.in.drop(n)
			c.peer.pump() // the window has opened
			return n, nil
		case c.gotFIN || c.readShut:
			return 0, io.EOF // for ever, even if a RST follows
		case c.fault != nil:
			return 0, c.opError("read", c.takeFault())
		case c.dead:
			return 0, io.EOF
		}
		c.readable.Wait()
	}
}

// Write returns when the send buffer has taken all of p. That the peer
// received it is another matter: see Unacked.
func (c *Conn) Write(p []byte) (int, error) {
	c.n.lock()
	defer c.n.unlock()
	done, mine := 0, false
	defer func() {
		if mine {
			c.writing = false
			c.writable.Broadcast()
		}
	}()
	for {
		c.host.awake()
		if err := c.writeError(); err != nil {
			return done, c.opError("write", err)
		}
		if mine || !c.writing {
			c.writing, mine = true, true
			done += c.take(p[done:])
			if done == len(p) {
				return done, nil
			}
		}
		c.writable.Wait()
	}
}

func (c *Conn) writeError() error {
	switch {
	case c.closed:
		return net.ErrClosed
	case c.writeLine.expired():
		return os.ErrDeadlineExceeded
	case c.fault != nil:
		return c.takeFault()
	case c.writeShut || c.dead:
		return syscall.EPIPE
	}
	return nil
}

// take moves to the send buffer what there is room for.
func (c *Conn) take(p []byte) int {
	n := min(len(p), c.sendLimit-c.unacked)
	if n <= 0 {
		return 0
	}
	c.out.add(p[:n]...)
	c.unacked += n
	c.pump()
	return n
}

func (c *Conn) takeFault() error {
	err := c.fault
	c.fault = nil
	return err
}

// Close ends both ways. What was written is still sent, in the background,
// unless SetLinger(0) was called or received bytes were not read: then the
// peer gets a RST and what it has not received is lost. Close never waits.
func (c *Conn) Close() error {
	c.n.lock()
	defer c.n.unlock()
	if c.closed {
		return c.opError("close", net.ErrClosed)
	}
	c.shutDown()
	return nil
}

func (c *Conn) shutDown() {
	if c.closed {
		return
	}
	if c.linger == 0 || c.in.len() > 0 {
		c.abort()
		return
	}
	c.closed, c.writeShut = true, true
	c.readLine.stop()
	c.writeLine.stop()
	c.pump()
	c.retire()
	c.wake()
}

// reset closes with a RST.
func (c *Conn) reset() {
	c.n.lock()
	defer c.n.unlock()
	c.abort()
}

// CloseWrite sends a FIN after what was written; reading goes on.
func (c *Conn) CloseWrite() error {
	return c.shut(func() {
		c.writeShut = true
		c.pump()
	})
}

// CloseRead makes Read say io.EOF when it has nothing to give. As on Linux the
// peer isn't told, and what it sends can still be read.
func (c *Conn) CloseRead() error { return c.shut(func() { c.readShut = true }) }

func (c *Conn) shut(f func()) error {
	c.n.lock()
	defer c.n.unlock()
	switch {
	case c.closed:
		return c.opError("close", net.ErrClosed)
	case c.dead || c.over():
		return c.opError("close", os.NewSyscallError("shutdown", syscall.ENOTCONN))
	}
	f()
	c.wake()
	return nil
}

// Unacked is how many bytes the program wrote that the peer's kernel has not
// acknowledged, as Linux's SIOCOUTQ tells. After a RST it stays what it was.
// It is not ok after Close.
func (c *Conn) Unacked() (n int, ok bool) {
	c.n.lock()
	defer c.n.unlock()
	return c.unacked, !c.closed
}

// LocalAddr is this end's address, a *net.TCPAddr.
func (c *Conn) LocalAddr() net.Addr { return tcpAddr(c.at.local) }

// RemoteAddr is the peer's address, a *net.TCPAddr.
func (c *Conn) RemoteAddr() net.Addr { return tcpAddr(c.at.remote) }

func (c *Conn) wake() {
	c.readable.Broadcast()
	c.writable.Broadcast()
}

func (c *Conn) opError(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: named(op, err)}
}

// tell notes an event of the connection, seen from either end.
func (c *Conn) tell(kind, detail string) {
	if !c.client {
		c = c.peer
	}
	c.n.tell(kind, c.host, c.at.local, c.at.remote, detail)
}
