package simulator

import (
	"errors"
	"net/netip"
)

// ErrNoMachines says that there is nothing that machines could be made in, such
// as a container engine. Scripts are skipped then.
var ErrNoMachines = errors.New("no container engine answers")

// Machines are what the container runner has its hosts on; package container has
// some. They are used by one goroutine at a time, but for Machine.Await.
type Machines interface {
	// Address is the one that a place has, once a machine was on its network.
	Address(Place) netip.Addr
	// Prepare makes a network, unless it is there.
	Prepare(network string) error
	// Start starts a program on a machine of its own, and doesn't wait for it.
	Start(MachineCall) (Machine, error)
	// Close removes every machine and state, and networks that nobody wants again.
	Close() error
}

// Place is a machine's place on a network: that of the number Host, from 2 to
// 254, in the network's subnet.
type Place struct {
	Network string // a new name is a new network, with a subnet of its own
	Host    byte
}

// ManagementNetwork is there from the beginning. Machines can't reach one another
// on it; it carries what is published.
const ManagementNetwork = "management"

// MachineCall is what a machine is started with.
type MachineCall struct {
	Name       string // unlike any other machine's
	Program    string // siem-agent or host
	Arguments  []string
	Management byte              // its place on the management network
	Places     []Place           // one a network, on others
	Ports      []int             // TCP ports that are published
	Files      map[string][]byte // by absolute name, to be read by the program
	OwnNetwork bool              // the program may do anything to its machine's network: a port that drops what comes takes that
	State      string            // the folder /data outlives the machine under this name; empty: it doesn't
}

// Machine is one that was started.
type Machine interface {
	// Published is where a port is to be had, as of now: it changes when the
	// machine is started again.
	Published(port int) (address string, err error)
	Attach(Place) error
	Detach(network string) error // as if its cable were pulled
	Pause() error                // freezes the program; its kernel goes on
	Resume() error
	Terminate() error // asks the program to stop, and doesn't wait
	Kill() error      // ends the program at once, and doesn't wait
	Restart() error   // starts the program again, with the files that it left
	Await()           // returns when the program has ended, or the machine is gone
	Ended() (status int, ended bool, err error)
	Printed() (stdout, stderr string, err error) // of all its starts
}
