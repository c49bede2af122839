package simulator

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"time"

	"siemdrill/agent/stepped"
	"siemdrill/simulator/coordinator"
)

// steppedMachine is a machine whose program's time is stepped.
type steppedMachine struct {
	Machine
	name   string
	member *coordinator.Member
	done   chan struct{} // closed when the program has ended and everybody has taken note
}

// The ports that machines publish.
const (
	clockPort   = 7000
	controlPort = 7001
)

// joinLimit is how long, in real time, a program may take to be there.
const joinLimit = 30 * time.Second

// manage takes the next place on the management network, and says where a clock
// listens there.
func (w *containers) manage() (host byte, clock string) {
	w.managed++
	host = 1 + w.managed // the first is the gateway's
	return host, fmt.Sprintf("listen:%s:%d", w.machines.Address(Place{ManagementNetwork, host}), clockPort)
}

// join makes the machine's program a member. It connects until the program is
// there: what publishes the port takes connections before.
func (w *containers) join(m *steppedMachine, welcome stepped.Welcome) error {
	m.member, m.done = nil, make(chan struct{})
	for began := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		conn, err := m.dial()
		if err == nil {
			m.member, err = w.Admit(m.name, conn, welcome)
		}
		if err == nil {
			go m.watch()
			return nil
		}
		if _, ended, _ := m.Ended(); ended {
			close(m.done)
			return nil
		}
		if time.Since(began) > joinLimit {
			return fmt.Errorf("%s: nobody whose time could be stepped is there after %s: %w", m.name, joinLimit, err)
		}
	}
}

func (m *steppedMachine) dial() (net.Conn, error) {
	address, err := m.Published(clockPort)
	if err != nil {
		return nil, err
	}
	return net.DialTimeout("tcp", address, joinLimit)
}

// watch takes note of the program's end.
func (m *steppedMachine) watch() {
	done, member := m.done, m.member
	m.Await()
	member.Gone()
	close(done)
}

// away says that the machine has lost an address, or has it again.
func (m *steppedMachine) away(address netip.Addr, on bool) {
	if m.member != nil {
		m.member.Away(address, on)
	}
}

func (m *steppedMachine) kill() error {
	if err := m.Kill(); err != nil {
		return err
	}
	<-m.done
	return nil
}

func (m *steppedMachine) pause() error {
	err := m.Pause()
	m.member.Paused(true)
	return err
}

func (m *steppedMachine) resume() error {
	err := m.Resume()
	m.member.Paused(false)
	return err
}

func (m *steppedMachine) over() bool {
	select {
	case <-m.done:
		return true
	default:
		return false
	}
}

// containerHost is the machine of a part of the Lab.
type containerHost struct {
	*steppedMachine
	at     Place // where it is, or will be again when it is mended
	cut    bool
	frozen bool // and can't be asked
}

// open starts the machine of a part of the Lab, which has the last of its places
// to itself.
func (w *containers) open(name, part string, at Place, others []Place, arguments ...string) (*containerHost, error) {
	number, clock := w.manage()
	call := MachineCall{
		Name: name, Program: "host", Management: number, Places: append(others, at), Ports: []int{clockPort, controlPort}, OwnNetwork: true,
		Arguments: append([]string{"-clock", clock, "-control", ":" + strconv.Itoa(controlPort), "-seed", strconv.FormatUint(w.lab.Seed, 10), part}, arguments...),
	}
	machine, err := w.machines.Start(call)
	if err != nil {
		return nil, err
	}
	h := &containerHost{steppedMachine: &steppedMachine{Machine: machine, name: name}, at: at}
	if err := w.join(h.steppedMachine, stepped.Welcome{Names: w.namesAt()}); err != nil {
		return nil, err
	}
	if h.over() {
		_, said, err := h.Printed()
		return nil, errors.Join(fmt.Errorf("%s ended at once: %s", name, said), err)
	}
	return h, h.control().ask("GET", "/healthz", nil, nil)
}

func (h *containerHost) control() remoteControl { return remoteControl{h.Machine, controlPort} }
