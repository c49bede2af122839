package load

import (
	"context"
	"fmt"
	"net"
	"time"

	"siemdrill/fakecas"
	"siemdrill/simulator/peer"
)

// plain is a forwarder that knows of no service, with what feeds it.
type plain struct {
	process *peer.Process
	feed    *peer.Feed
	cancel  context.CancelFunc
	fed     chan struct{} // closed when the feed has ended
	peak    int64
}

func startPlain(program *peer.Program, call agentCall, s Settings, tenant *fakecas.Tenant) (forwarder, error) {
	listen, err := freeAddress()
	if err != nil {
		return nil, err
	}
	process, err := program.Start(context.Background(), peer.Route{
		Listen: listen, Receiver: call.receiver, Transport: string(s.Transport), CAFile: call.receiverCA, Folder: call.directory,
	})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &plain{
		process: process, cancel: cancel, fed: make(chan struct{}),
		feed: &peer.Feed{Tenant: tenant, Address: listen, Types: s.types()},
	}
	go func() {
		p.feed.Run(ctx)
		close(p.fed)
	}()
	return p, nil
}

// freeAddress is one of the loopback that nobody listened on just now.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return l.Addr().String(), l.Close()
}

func (p *plain) wake() { p.feed.Wake() }

func (p *plain) ended() error {
	select {
	case <-p.process.Done():
		return fmt.Errorf("the forwarder ended: %s: %s", p.process.State(), p.process.Console())
	default:
		return nil
	}
}

func (p *plain) resident() int64 { return residentOf(p.process.PID()) }

func (p *plain) stop() error {
	early := p.ended()
	p.peak = peakOf(p.process.PID())
	p.cancel()
	<-p.fed
	if early != nil {
		return early
	}
	if err := p.process.Stop(); err != nil {
		return fmt.Errorf("the forwarder: %w", err)
	}
	return nil
}

func (p *plain) used() (time.Duration, int64, bool) {
	state := p.process.State()
	return state.UserTime() + state.SystemTime(), p.peak, true
}
