package simulator

import (
	"bytes"
	"context"
	"errors"
	"net/netip"
	"slices"
	"time"

	"siemdrill/agent"
	"siemdrill/simulator/network"
)

// bubble is the world of the default runner: a network in memory, the bubble's
// time, and agents that are goroutines.
type bubble struct {
	network   *network.Network
	hosts     map[string]*network.Host
	addresses map[string]netip.Addr // of the hosts, as they are now
	agents    []*inside             // every run so far
}

func newBubble(hook func(network.Event)) *bubble {
	time.Sleep(time.Until(labStart)) // a bubble begins in the year 2000
	w := &bubble{network: network.New(), hosts: map[string]*network.Host{}, addresses: map[string]netip.Addr{}}
	w.network.Hook = hook
	for _, host := range hostNames {
		w.hosts[host] = w.network.AddHost(names[host], addresses[host])
		w.addresses[host] = netip.MustParseAddr(addresses[host])
	}
	return w
}

// addresses are those of the hosts at first (RFC 5737).
var addresses = map[string]string{
	"agent":  "192.0.2.10",
	"proxy":  "192.0.2.20",
	"cas":    "198.51.100.10",
	"syslog": "203.0.113.10",
}

func (w *bubble) now() time.Time                      { return time.Now() }
func (w *bubble) afterFunc(d time.Duration, f func()) { time.AfterFunc(d, f) }
func (w *bubble) clock() clock                        { return nil }
func (w *bubble) host(word string) string             { return names[word] }
func (w *bubble) port(n int) int                      { return n }

func (w *bubble) advance(d, _ time.Duration) error {
	time.Sleep(d)
	settle()
	return nil
}

func (w *bubble) settle() error {
	settle()
	return nil
}

func (w *bubble) place(host string) place {
	h := w.hosts[host]
	return place{h.Listen, h.ListenPacket, h.Dial}
}

func (w *bubble) cut(a, b string, on bool) error {
	change := w.network.Mend
	if on {
		change = w.network.Cut
	}
	change(w.hosts[a], w.hosts[b])
	return nil
}

func (w *bubble) move(host string, swallow bool, stale time.Duration) error {
	h, old := w.hosts[host], w.addresses[host]
	now := old.Next()
	w.addresses[host] = now
	w.network.MoveAddr(now.String(), h)
	var next *network.Host
	if !swallow {
		next = w.network.AddHost("successor of " + h.Name())
	}
	w.network.MoveAddr(old.String(), next)
	rename := func() { w.network.SetName(h.Name(), now.String()) }
	if stale == 0 {
		rename()
	} else {
		w.afterFunc(stale, rename)
	}
	return nil
}

func (w *bubble) breakName(host string, fault network.NameFault) {
	w.network.SetNameFault(w.hosts[host].Name(), fault)
}

func (w *bubble) damage(directory, what string) error { return damageCheckpoint(directory, what) }

func (w *bubble) close() error {
	for _, h := range w.hosts {
		h.KillProcess()
	}
	settle()
	return nil
}

// inside is an agent that runs in the bubble.
type inside struct {
	world   *bubble
	host    *network.Host
	clock   *ownClock
	cancel  context.CancelFunc
	done    chan struct{}
	err     error // valid once done is closed
	console bytes.Buffer
}

func (w *bubble) start(call agentCall) (process, error) {
	host := w.hosts["agent"]
	p := &inside{world: w, host: host, clock: &ownClock{ahead: call.ahead}, done: make(chan struct{})}
	config := agent.Config{
		Token:    call.token,
		Proxy:    call.proxy,
		Settings: call.settings,
		Clock:    p.clock,
		Dial:     host.Dial,
		Lookup:   host.Lookup,
		RootCAs:  call.lab.CAS.CA(),
		Console:  &p.console,
		Hook:     func(e agent.Event) { call.lab.note(FromAgent, fields(e)) },
		Seed:     call.seed,
		Machine:  call.machine,
		Version:  "0.0.0-lab",
	}
	proc, err := agent.New(config)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.cancel = cancel
	w.agents = append(w.agents, p)
	go func() {
		defer close(p.done)
		p.err = proc.Run(ctx)
	}()
	settle()
	return p, nil
}

func (p *inside) stop() error {
	p.cancel()
	<-p.done
	return p.err
}

// kill ends all of the agent host's processes; a goroutine can't be killed, so
// the agent is cut off first and then asked to stop.
func (p *inside) kill() error {
	p.host.KillProcess()
	p.clock.resume()
	_ = p.stop()
	return nil
}

// pause stops the agent wherever it meets the world: what it waits for, on the
// network or of its clock, does not come. It is at rest, so it does nothing.
func (p *inside) pause() error {
	if slices.ContainsFunc(p.world.agents, func(o *inside) bool { return o != p && !o.ended() }) {
		return errors.New("in the bubble all agents are on one machine: expected no other one that runs")
	}
	p.clock.pause()
	p.host.Pause(true)
	return nil
}

func (p *inside) resume() error {
	p.host.Pause(false)
	settle()
	p.clock.resume()
	return nil
}

func (p *inside) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// exitStatus is the one that the agent's own command gives.
func (p *inside) exitStatus() int {
	var e *agent.Error
	switch {
	case p.err == nil:
		return 0
	case errors.As(p.err, &e):
		return e.ExitStatus()
	}
	return 1
}

func (p *inside) printed() string { return p.console.String() }

func (p *inside) why() string {
	if p.err == nil {
		return ""
	}
	return p.err.Error()
}
