package stepped

import "os"

// poller has Go's scheduler look at the network. It does so by itself only when
// it has nothing else to do, and then it may wait for a whole millisecond, which
// is how epoll counts: too long for what happens a million times.
type poller struct {
	ask   chan struct{}
	ended chan struct{}
	in    *os.File
	out   *os.File
}

func newPoller() (*poller, error) {
	in, out, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	p := &poller{ask: make(chan struct{}), ended: make(chan struct{}), in: in, out: out}
	go func() {
		defer close(p.ended)
		for range p.ask {
			p.out.Write([]byte{0}) // a pipe of one's own that is broken shows when it is read
		}
	}()
	return p, nil
}

// poll waits for a byte that another goroutine writes only once this one waits:
// when it comes, the scheduler has found everything else that was ready.
func (p *poller) poll() error {
	p.ask <- struct{}{}
	var b [1]byte
	_, err := p.in.Read(b[:])
	return err
}

func (p *poller) close() {
	close(p.ask)
	<-p.ended
	p.in.Close()
	p.out.Close()
}
