package simulator

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"time"

	"siemdrill/fakesyslog"
	"siemdrill/simulator/coordinator"
	"siemdrill/simulator/network"
)

// containers is the world of the container runner: agents, service, receiver,
// name server and proxy on machines of their own, with networks between them,
// and time that is stepped.
type containers struct {
	*coordinator.Coordinator
	machines Machines
	lab      *Lab
	hosts    map[string]*containerHost // cas, syslog, names and, once it was asked for, proxy
	service  *remoteService
	receiver *remoteReceiver
	naming   remoteFaults // of the name server
	agents   []*contained
	started  int   // machines so far that are none of these
	managed  byte  // machines so far
	problem  error // that could not be said when it occurred
}

// The networks: the agent is on each of them, so that it can be cut off from one
// host and reach the others.
const (
	serviceNetwork  = "services"
	receiverNetwork = "receivers"
	otherNetwork    = "elsewhere" // where the receiver may move to
	proxyNetwork    = "proxies"
	namesNetwork    = "names"
)

var dataNetworks = []string{serviceNetwork, receiverNetwork, otherNetwork, proxyNetwork, namesNetwork}

// The places of the hosts at first.
var placesAtFirst = map[string]Place{
	"cas":    {serviceNetwork, 20},
	"syslog": {receiverNetwork, 20},
	"proxy":  {proxyNetwork, 20},
	"names":  {namesNetwork, 53},
}

// agentPlaces are those of an agent, and of no other one. The proxy has places of
// its own on the networks behind it.
func agentPlaces(host byte) []Place {
	var all []Place
	for _, network := range dataNetworks {
		all = append(all, Place{network, host})
	}
	return all
}

func behindTheProxy() []Place {
	return []Place{{serviceNetwork, 30}, {receiverNetwork, 30}, {namesNetwork, 30}}
}

// namesPort is where the name server answers.
const namesPort = 53

// containersLimit is how long, in real time, the machines may take to come to
// rest: what was lost while a network was cut is sent again by the kernel on its
// own clock, after a time as long as the cut again.
const containersLimit = 20 * time.Second

// playInContainers does what Play does with real containers.
func (s *Script) playInContainers(o Options) (Result, error) {
	r := s.result(InContainers, o)
	if o.Machines == nil {
		return r, ErrNoMachines
	}
	machines, err := o.Machines()
	if errors.Is(err, ErrNoMachines) {
		return r.skipped(err.Error()), nil
	}
	if err != nil {
		return r, err
	}
	lab := &Lab{Seed: o.Seed, History: &History{}, agents: map[string]*labAgent{}, directory: "/data"}
	w := &containers{Coordinator: coordinator.NewApart(labStart), machines: machines, lab: lab, hosts: map[string]*containerHost{}}
	w.Limit = containersLimit
	lab.world, lab.Start, lab.proxy = w, w.now(), remoteProxy{w}
	if err := w.build(); err != nil {
		return r, errors.Join(err, lab.Close())
	}
	return s.play(lab, r, o)
}

// build starts the name server, the service and the receiver.
func (w *containers) build() error {
	for _, network := range dataNetworks {
		if err := w.machines.Prepare(network); err != nil {
			return err
		}
	}
	for _, start := range []func() error{w.openNames, w.openService, w.openReceiver} {
		if err := start(); err != nil {
			return err
		}
	}
	return w.settle()
}

func (w *containers) openNames() error {
	var known []string
	for _, host := range hostNames {
		if at, ok := placesAtFirst[host]; ok {
			known = append(known, fmt.Sprintf("%s=%s", names[host], w.machines.Address(at)))
		}
	}
	h, err := w.open("names", "names", placesAtFirst["names"], nil, known...)
	if err != nil {
		return err
	}
	w.hosts["names"], w.naming = h, w.faultsOf(h)
	return nil
}

func (w *containers) openService() error {
	h, err := w.open("cas", "service", placesAtFirst["cas"], nil)
	if err != nil {
		return err
	}
	w.service = &remoteService{remoteFaults: w.faultsOf(h)}
	w.hosts["cas"], w.lab.service = h, w.service
	w.service.ca, err = w.service.fetch("GET", "/v1/ca", nil)
	return err
}

func (w *containers) openReceiver() error {
	h, err := w.open("syslog", "receiver", placesAtFirst["syslog"], nil)
	if err != nil {
		return err
	}
	w.receiver = &remoteReceiver{remoteFaults: w.faultsOf(h)}
	w.hosts["syslog"], w.lab.receiver = h, w.receiver
	return nil
}

// openProxy starts the proxy's machine when it is first asked for something.
func (w *containers) openProxy() (*containerHost, error) {
	if h := w.hosts["proxy"]; h != nil {
		return h, nil
	}
	h, err := w.open("proxy", "proxy", placesAtFirst["proxy"], behindTheProxy())
	if err != nil {
		return nil, err
	}
	w.hosts["proxy"] = h
	return h, w.attached(h, proxyNetwork)
}

func (w *containers) faultsOf(h *containerHost) remoteFaults {
	return remoteFaults{h.control(), map[string]string{}, &w.problem}
}

func (w *containers) namesAt() netip.AddrPort {
	return netip.AddrPortFrom(w.machines.Address(placesAtFirst["names"]), namesPort)
}

func (w *containers) now() time.Time                      { return w.Now() }
func (w *containers) afterFunc(d time.Duration, f func()) { w.AfterFunc(d, f) }
func (w *containers) clock() clock                        { return w.Coordinator }
func (w *containers) place(string) place                  { return place{} }
func (w *containers) host(word string) string             { return names[word] }
func (w *containers) port(n int) int                      { return n }

func (w *containers) advance(d, _ time.Duration) error {
	w.Ask()
	if err := w.Advance(d); err != nil {
		return err
	}
	return w.news()
}

// settle comes to rest after whatever was done since, and takes over what has
// happened.
func (w *containers) settle() error {
	w.Ask()
	if err := w.Settle(); err != nil {
		return err
	}
	return w.news()
}

// news takes over what has happened, in the order of its time.
func (w *containers) news() error {
	err := w.problem
	w.problem = nil
	var all []Event
	for host, from := range map[string]func() ([]Event, error){"cas": w.service.news, "syslog": w.receiver.news} {
		if h := w.hosts[host]; h.frozen || h.over() {
			continue
		}
		fresh, failed := from()
		all, err = append(all, fresh...), errors.Join(err, failed)
	}
	slices.SortStableFunc(all, func(a, b Event) int { return a.T.Compare(b.T) })
	for _, e := range all {
		w.lab.History.Append(e)
	}
	return err
}

// cut pulls the cable of the one that is not the agent.
func (w *containers) cut(a, b string, on bool) error {
	host := a
	if a == "agent" {
		host = b
	}
	h := w.hosts[host]
	if h == nil || a != "agent" && b != "agent" {
		return errors.New(cutElsewhere)
	}
	if h.cut == on {
		return nil
	}
	h.cut = on
	if on {
		h.away(w.machines.Address(h.at), true)
		return h.Detach(h.at.Network)
	}
	err := h.Attach(h.at)
	h.away(w.machines.Address(h.at), false)
	return errors.Join(err, w.attached(h, h.at.Network))
}

// attached returns once the host, which was attached to a network, and the
// agents there reach one another: a bridge takes a while to carry anything, and
// who has asked for an address in vain asks again a second later.
func (w *containers) attached(h *containerHost, network string) error {
	var err error
	for _, a := range w.agents {
		if !a.over() {
			err = errors.Join(err, w.reach(h, Place{network, a.place}))
		}
	}
	return err
}

func (w *containers) reach(h *containerHost, at Place) error {
	const nobodysPort = 9
	return h.control().ask("POST", "/host/reach", fmt.Sprintf("%s:%d", w.machines.Address(at), nobodysPort), nil)
}

// move gives the host another address: the next one of its subnet. Nobody is at
// the old one then, or somebody without a syslog server.
func (w *containers) move(host string, swallow bool, stale time.Duration) error {
	h := w.hosts[host]
	if h == nil {
		return fmt.Errorf("%s can't be moved: it is no machine of its own", host)
	}
	return w.moveTo(h, host, Place{h.at.Network, h.at.Host + 1}, swallow, stale)
}

func (w *containers) moveTo(h *containerHost, host string, to Place, swallow bool, stale time.Duration) error {
	old := h.at
	h.at = to
	h.away(w.machines.Address(old), true)
	if err := errors.Join(h.Detach(old.Network), h.Attach(to), w.attached(h, to.Network)); err != nil {
		return err
	}
	if !swallow {
		w.started++
		stranger, err := w.open(fmt.Sprintf("stranger%d", w.started), "nobody", old, nil)
		if err == nil {
			err = w.attached(stranger, old.Network)
		}
		if err != nil {
			return err
		}
	}
	rename := func() {
		if err := w.rename(host, to); err != nil {
			w.problem = err
		}
	}
	if stale == 0 {
		rename()
	} else {
		w.afterFunc(stale, rename)
	}
	return nil
}

// renaming is the fault of the name server that is of use here: it says another
// address than it was started with.
const renaming = "name-stale"

func (w *containers) rename(host string, to Place) error {
	if _, again := w.naming.ids[renaming+host]; again {
		if err := w.naming.Heal(renaming + host); err != nil {
			return err
		}
	}
	return w.naming.injectAs(fakesyslog.Fault{
		Name: renaming, Where: names[host], Args: map[string]string{"address": w.machines.Address(to).String()},
	}, renaming+host)
}

var nameFaultNames = map[network.NameFault]string{
	network.NoSuchHost:    "name-unknown",
	network.ServerFailure: "name-failing",
	network.NoAnswer:      "name-silent",
}

func (w *containers) breakName(host string, fault network.NameFault) {
	var err error
	for _, name := range slices.Sorted(maps.Values(nameFaultNames)) {
		if _, injected := w.naming.ids[name+host]; injected {
			err = errors.Join(err, w.naming.Heal(name+host))
			delete(w.naming.ids, name+host)
		}
	}
	if fault != network.NameHeals {
		name := nameFaultNames[fault]
		err = errors.Join(err, w.naming.injectAs(fakesyslog.Fault{Name: name, Where: names[host]}, name+host))
	}
	if err != nil {
		w.problem = err
	}
}

// close lets go of everybody before their machines end: nobody is to be told.
func (w *containers) close() error {
	w.Close()
	return w.machines.Close()
}
