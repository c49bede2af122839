package simulator

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/simulator/peer"
)

// forwarders is the foreign world for a plain forwarder, which knows of no
// service and no portal: whoever wants it to forward a tenant's records has to
// write them to its input, as the Lab does here.
type forwarders struct {
	*foreign
	program *peer.Program
	fed     map[string]*fed // by the agent's name
}

// fed is a forwarder's input, and what is written to it while the Lab lasts.
type fed struct {
	route peer.Route
	feed  *peer.Feed
	end   func()
}

// newForwarders is for an agent that is given as a forwarder's name, perhaps with
// a variant. One that is not installed is a *peer.Missing.
func newForwarders(agent []string) (*forwarders, error) {
	name, variant, _ := peer.Named(agent[0])
	program, err := peer.Find(name, variant)
	if err != nil {
		return nil, err
	}
	w, err := newForeignWithNames(nil)
	if err != nil {
		return nil, err
	}
	all := &forwarders{foreign: w, program: program, fed: map[string]*fed{}}
	w.moved = all.wake
	return all, nil
}

// wake tells the feeds that there may be more records: the clock has moved.
func (w *forwarders) wake() {
	for _, f := range w.fed {
		f.feed.Wake()
	}
}

// fedSince is when the first forwarder was started; zero: none was.
func (w *forwarders) fedSince() (first time.Time) {
	for _, f := range w.fed {
		if began := f.feed.Since.Add(backlog); first.IsZero() || began.Before(first) {
			first = began
		}
	}
	return first
}

// start starts the forwarder and, the first time, what feeds it.
func (w *forwarders) start(call agentCall) (process, error) {
	f := w.fed[call.name]
	if f == nil {
		var err error
		if f, err = w.open(call); err != nil {
			return nil, err
		}
		w.fed[call.name] = f
	}
	command, err := w.program.Command(f.route)
	if err != nil {
		return nil, err
	}
	p, err := launch(w.Coordinator, w.within(command), filepath.Join(call.lab.directory, call.name+".console"))
	if err != nil {
		return nil, err
	}
	p.done = p.exited
	if err := peer.Ready(context.Background(), f.route.Listen, p.exited); err != nil {
		_ = p.command.Process.Kill()
		<-p.exited
		return nil, fmt.Errorf("%s: %w; it printed: %s", w.program, err, p.printed())
	}
	return &stranger{p}, nil
}

// firstInput is what the port of the first forwarder's input is called.
const firstInput = 10514

// open makes a forwarder's folder and begins to feed its input.
func (w *forwarders) open(call agentCall) (*fed, error) {
	folder := filepath.Join(call.lab.directory, call.name)
	if err := os.Mkdir(folder, 0o700); err != nil {
		return nil, err
	}
	remote := call.lab.view(call.name).Configuration.Remote
	f := &fed{route: peer.Route{
		Listen:   net.JoinHostPort(loopbackAddresses["agent"], strconv.Itoa(w.port(firstInput+len(w.fed)))),
		Receiver: net.JoinHostPort(remote.Host, strconv.Itoa(remote.Port)),
		Folder:   folder,
	}}
	switch {
	case remote.Protocol == console.UDP:
		f.route.Transport = "udp"
	case call.settings.TLS != nil:
		f.route.Transport, f.route.CAFile = "tls", call.settings.TLS.CAFile
	}
	f.feed = &peer.Feed{
		Tenant:  call.lab.CAS.Tenant(),
		Address: f.route.Listen,
		Types:   typesOf(call.lab.view(call.name).Configuration),
		Since:   w.Now().Add(-backlog),
		Every:   confirmAfter,
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		f.feed.Run(ctx)
		close(ended)
	}()
	f.end = func() {
		cancel()
		<-ended
	}
	return f, nil
}

// confirmAfter keeps batches short: a forwarder that ends is sent its last one
// again.
const confirmAfter = 200 * time.Millisecond

// typesOf are the types of record that an agent is configured to forward.
func typesOf(c console.Configuration) []fakecas.Type {
	types := []fakecas.Type{}
	if c.Activities.Enabled {
		types = append(types, fakecas.Activity)
	}
	if c.Alerts.Enabled {
		types = append(types, fakecas.Alert)
	}
	return types
}

func (w *forwarders) close() error {
	for _, f := range w.fed {
		f.end()
	}
	return w.foreign.close()
}
