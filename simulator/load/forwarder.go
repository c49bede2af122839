package load

import (
	"context"
	"crypto/x509"
	"time"

	"siemdrill/agent"
)

// forwarder is an agent, or what takes its place, that runs.
type forwarder interface {
	// wake tells that there are new records. An agent asks for itself.
	wake()
	// ended returns why it has ended without having been asked to; nil: it runs.
	ended() error
	// resident is the memory that it has now, in bytes; 0: not known.
	resident() int64
	// stop asks it to end, waits until it has, and returns why it ended badly.
	stop() error
	// used is the processor's time and the most memory it has used; false: it
	// can't be told from the rest. Only after stop.
	used() (cpu time.Duration, peak int64, known bool)
}

// agentCall is what an agent is started with.
type agentCall struct {
	token      string
	seed       uint64
	directory  string // for its files; it exists
	service    string // its URL
	serviceCA  []byte // PEM
	receiver   string // HOST:PORT
	receiverCA string // a file; empty: not over TLS
	settings   agent.Settings
}

// inProcess is the project's own agent beside the fakes, in their process.
type inProcess struct {
	cancel context.CancelFunc
	done   chan error
}

func startInProcess(call agentCall, service *x509.CertPool) (forwarder, error) {
	a, err := agent.New(agent.Config{Token: call.token, Settings: call.settings, RootCAs: service, Seed: call.seed, Machine: "load"})
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &inProcess{cancel, make(chan error, 1)}
	go func() { p.done <- a.Run(ctx) }()
	return p, nil
}

func (p *inProcess) wake() {}

func (p *inProcess) ended() error {
	select {
	case err := <-p.done:
		p.done <- err // for stop
		return errEnded(err)
	default:
		return nil
	}
}

func (p *inProcess) resident() int64 { return 0 }

func (p *inProcess) stop() error {
	p.cancel()
	return <-p.done
}

func (p *inProcess) used() (time.Duration, int64, bool) { return 0, 0, false }
