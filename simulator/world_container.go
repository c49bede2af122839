package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"siemdrill/fakesyslog"
	"siemdrill/simulator/network"
)

// containers is the world of the container runner: agent, service and receiver
// on machines of their own, networks between them, and real time.
type containers struct {
	machines Machines
	lab      *Lab
	hosts    map[string]Machine // cas and syslog
	at       map[string]Place   // where a host is, or will be again when it is mended
	away     map[string]bool    // it is cut off
	frozen   map[string]bool    // it is paused, and can't be asked
	service  *remoteService
	receiver *remoteReceiver
	names    remoteFaults // of the name server
	started  int          // agents so far, and whoever took an old address
	problem  error        // that could not be said when it occurred
}

// The networks: the agent is on each of them, so that it can be cut off from one
// host and reach the others.
const (
	serviceNetwork  = "services"
	receiverNetwork = "receivers"
	otherNetwork    = "elsewhere" // where the receiver may move to
)

// The places of the hosts at first. The name server is where nothing is cut.
var (
	servicePlace  = Place{serviceNetwork, 20}
	receiverPlace = Place{receiverNetwork, 20}
	namesPlace    = Place{"names", 53}
)

func agentPlaces() []Place {
	return []Place{{serviceNetwork, 10}, {receiverNetwork, 10}, {otherNetwork, 10}, {"names", 10}}
}

// The control ports of the fakes.
const (
	serviceControl  = 8080
	receiverControl = 8514
)

// playInContainers does what Play does with real containers, in real time.
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
	lab := &Lab{Seed: o.Seed, History: &History{}}
	w := &containers{machines: machines, lab: lab, hosts: map[string]Machine{}, away: map[string]bool{}, frozen: map[string]bool{},
		at: map[string]Place{"cas": servicePlace, "syslog": receiverPlace}}
	if err := w.build(); err != nil {
		return r, errors.Join(err, lab.Close())
	}
	return s.play(lab, r, o)
}

// build starts the service, the receiver and the name server.
func (w *containers) build() error {
	l := w.lab
	l.world, l.agents = w, map[string]*labAgent{}
	for _, start := range []func() error{w.startService, w.startReceiver, w.startNames} {
		if err := start(); err != nil {
			return err
		}
	}
	l.Start = w.now()
	return nil
}

// anywhere is a listening address on every interface.
func anywhere(port int) string { return ":" + strconv.Itoa(port) }

func (w *containers) startService() error {
	machine, err := w.machines.Start(MachineCall{
		Name: "cas", Program: "fakecas", Places: []Place{servicePlace}, Control: serviceControl,
		Arguments: []string{"-listen", anywhere(servicePort), "-control", anywhere(serviceControl), "-hosts", serviceName,
			"-seed", fmt.Sprint(w.lab.Seed), "-backlog", "0"},
	})
	if err != nil {
		return err
	}
	w.hosts["cas"] = machine
	w.service = &remoteService{remoteFaults: w.faultsOf(machine, serviceControl)}
	w.lab.service = w.service
	w.service.ca, err = w.service.fetch("GET", "/v1/ca", nil)
	return err
}

func (w *containers) faultsOf(m Machine, port int) remoteFaults {
	return remoteFaults{remoteControl{m, port}, map[string]string{}, &w.problem}
}

func (w *containers) startReceiver() error {
	machine, err := w.machines.Start(MachineCall{
		Name: "syslog", Program: "fakesyslog", Places: []Place{receiverPlace}, Control: receiverControl,
		Arguments: []string{"-listen", "tcp://0.0.0.0:" + strconv.Itoa(receiverPort), "-listen", "udp://0.0.0.0:" + strconv.Itoa(receiverPort),
			"-control", "0.0.0.0:" + strconv.Itoa(receiverControl), "-seed", fmt.Sprint(w.lab.Seed), "-json", "-verbose"},
	})
	if err != nil {
		return err
	}
	w.hosts["syslog"] = machine
	w.receiver = &remoteReceiver{remoteFaults: w.faultsOf(machine, receiverControl)}
	w.lab.receiver = w.receiver
	return nil
}

func (w *containers) startNames() error {
	known := []string{"-dns", "0.0.0.0:53", "-control", "0.0.0.0:" + strconv.Itoa(receiverControl)}
	for host, place := range w.at {
		known = append(known, "-name", fmt.Sprintf("%s=%s", names[host], w.machines.Address(place)))
	}
	machine, err := w.machines.Start(MachineCall{
		Name: "names", Program: "fakesyslog", Places: []Place{namesPlace}, Control: receiverControl, Arguments: known,
	})
	w.names = w.faultsOf(machine, receiverControl)
	return err
}

func (w *containers) now() time.Time                      { return time.Now().UTC() }
func (w *containers) afterFunc(d time.Duration, f func()) { time.AfterFunc(d, f) }
func (w *containers) clock() clock                        { return nil }
func (w *containers) place(string) place                  { return place{} }
func (w *containers) host(word string) string             { return names[word] }
func (w *containers) port(n int) int                      { return n }

// advance waits in real time: nobody can move that.
func (w *containers) advance(d, _ time.Duration) error {
	time.Sleep(d)
	return w.settle()
}

// settle takes over what has happened, in the order of its time.
func (w *containers) settle() error {
	err := w.problem
	w.problem = nil
	fromReceiver, receiverErr := w.receiver.news()
	var fromService []Event
	var serviceErr error
	if !w.frozen["cas"] {
		fromService, serviceErr = w.service.news()
	}
	all := slices.Concat(fromService, fromReceiver)
	slices.SortStableFunc(all, func(a, b Event) int { return a.T.Compare(b.T) })
	for _, e := range all {
		w.lab.History.Append(e)
	}
	return errors.Join(err, receiverErr, serviceErr)
}

// cut pulls the cable of the one that is not the agent.
func (w *containers) cut(a, b string, on bool) error {
	host := a
	if a == "agent" {
		host = b
	}
	machine := w.hosts[host]
	if machine == nil || a != "agent" && b != "agent" {
		return errors.New(cutElsewhere)
	}
	if w.away[host] == on {
		return nil
	}
	w.away[host] = on
	if on {
		return machine.Detach(w.at[host].Network)
	}
	return machine.Attach(w.at[host])
}

// move gives the host another address: the next one of its subnet. Nobody is at
// the old one then, or somebody without a syslog server.
func (w *containers) move(host string, swallow bool, stale time.Duration) error {
	old := w.at[host]
	return w.moveTo(host, Place{old.Network, old.Host + 1}, swallow, stale)
}

func (w *containers) moveTo(host string, to Place, swallow bool, stale time.Duration) error {
	machine, old := w.hosts[host], w.at[host]
	if machine == nil {
		return fmt.Errorf("%s can't be moved: it is no machine of its own", host)
	}
	w.at[host] = to
	if err := errors.Join(machine.Detach(old.Network), machine.Attach(to)); err != nil {
		return err
	}
	if !swallow {
		w.started++
		_, err := w.machines.Start(MachineCall{
			Name: fmt.Sprintf("stranger%d", w.started), Program: "fakesyslog", Places: []Place{old},
			Control: receiverControl, Arguments: []string{"-control", "0.0.0.0:" + strconv.Itoa(receiverControl)},
		})
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
	if _, again := w.names.ids[renaming+host]; again {
		if err := w.names.Heal(renaming + host); err != nil {
			return err
		}
	}
	return w.names.injectAs(fakesyslog.Fault{
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
		if _, injected := w.names.ids[name+host]; injected {
			err = errors.Join(err, w.names.Heal(name+host))
			delete(w.names.ids, name+host)
		}
	}
	if fault != network.NameHeals {
		name := nameFaultNames[fault]
		err = errors.Join(err, w.names.injectAs(fakesyslog.Fault{Name: name, Where: names[host]}, name+host))
	}
	if err != nil {
		w.problem = err
	}
}

func (w *containers) close() error { return w.machines.Close() }

// start starts an agent on a new machine, with what the one before has left in
// /data.
func (w *containers) start(call agentCall) (process, error) {
	settings := call.settings
	settings.CheckpointDirectory, settings.CAFile = "/data", "/etc/service-ca.pem"
	text, err := json.Marshal(settings)
	if err != nil {
		return nil, err
	}
	w.started++
	machine, err := w.machines.Start(MachineCall{
		Name: fmt.Sprintf("agent%d", w.started), Program: "siem-agent", Places: agentPlaces(),
		Arguments: []string{"--token", "@/etc/token", "--settings", "/etc/settings.json"},
		Files: map[string][]byte{
			"/etc/token":         []byte(call.token),
			"/etc/settings.json": text,
			settings.CAFile:      call.lab.service.authority(),
		},
		State: "state-" + call.name,
		Names: w.machines.Address(namesPlace),
	})
	if err != nil {
		return nil, err
	}
	return &contained{world: w, machine: machine}, nil
}
