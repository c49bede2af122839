package simulator

import (
	"errors"
	"net/netip"
)

// ErrNoMachines says that there is nothing that machines could be made in, such
// as a container engine. Scripts are skipped then.
var ErrNoMachines = errors.New("no container engine answers")

// Machines are what the container runner has its hosts on; package container has
// some. They are used by one goroutine at a time.
type Machines interface {
	// Address is the one that a place has, once a machine was on its network.
	Address(Place) netip.Addr
	// Start starts a program on a machine of its own, and returns once its
	// control API answers, if it has one.
	Start(MachineCall) (Machine, error)
	// Close removes every machine, network and state.
	Close() error
}

// Place is a machine's place on a network: that of the number Host, from 2 to
// 127, in the network's subnet.
type Place struct {
	Network string // a new name is a new network, with a subnet of its own
	Host    byte
}

// MachineCall is what a machine is started with.
type MachineCall struct {
	Name      string // unlike any other machine's
	Program   string // siem-agent, fakecas or fakesyslog
	Arguments []string
	Places    []Place           // one a network
	Control   int               // TCP port of its control API; 0: it has none
	Files     map[string][]byte // by absolute name, to be read by the program
	State     string            // the folder /data outlives the machine under this name; empty: it doesn't
	Names     netip.Addr        // whom it asks for names that begin nowhere else
}

// Machine is one that was started.
type Machine interface {
	// Control is the address of its control API as of now: it changes when the
	// machine is started again.
	Control() (address string, err error)
	Attach(Place) error
	Detach(network string) error // as if its cable were pulled
	Pause() error                // freezes the program; its kernel goes on
	Resume() error
	Stop() error    // asks the program to stop, and waits until it has
	Kill() error    // ends the program at once, and waits until it has
	Restart() error // starts the program again, with the files that it left
	Ended() (status int, ended bool, err error)
	Printed() (stdout, stderr string, err error) // of all its starts
}
