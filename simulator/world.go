package simulator

import (
	"context"
	"net"
	"time"

	"siemdrill/agent"
	"siemdrill/simulator/network"
)

// site is what the parts of a Lab stand on: where time comes from, and what the
// network is.
type site interface {
	now() time.Time
	afterFunc(d time.Duration, f func())
	clock() clock // of the fakes; nil: the system's

	place(host string) place
	host(word string) string // how an agent finds a host
	port(n int) int          // what port n of a host is called here
}

// world is what differs between the runners: the site, how time passes, what can
// happen to the network, and what an agent runs as.
type world interface {
	site

	// advance lets d pass, and settle nothing: both return when whatever is due
	// has happened and everybody waits. A world that waits in real time is told
	// how long; 0: as long as d.
	advance(d, real time.Duration) error
	settle() error

	cut(a, b string, on bool) error // drops every packet between two hosts, or no longer
	move(host string, swallow bool, stale time.Duration) error
	breakName(host string, fault network.NameFault)

	start(call agentCall) (process, error)
	damage(directory, what string) error // does something to the checkpoint in a directory of the agents' machine
	close() error
}

// clock is the Clock of every room.
type clock interface {
	Now() time.Time
	AfterFunc(d time.Duration, f func()) (stop func() bool)
	Busy(n int)
}

// place is the network as one host sees it.
type place struct {
	listen       func(ctx context.Context, network, address string) (net.Listener, error)
	listenPacket func(ctx context.Context, network, address string) (net.PacketConn, error)
	dial         func(ctx context.Context, network, address string) (net.Conn, error)
}

// agentCall is what an agent is started with.
type agentCall struct {
	name     string
	token    string
	proxy    string
	ahead    time.Duration // how far its clock is ahead
	seed     uint64
	machine  string
	settings agent.Settings
	lab      *Lab
}

// process is one run of an agent.
type process interface {
	stop() error  // asks it to stop and returns when it has
	kill() error  // ends it at once: the kernel closes its connections
	pause() error // stops its processor
	resume() error
	ended() bool
	exitStatus() int // once it has ended
	printed() string // on its console
	why() string     // how it ended, if that is known
}
