package fakesyslog

import (
	"context"
	"errors"
	"net"
)

// Server is the receiver. Set the fields before the first Start; its methods
// may be called from any goroutine.
type Server struct {
	Clock Clock       // nil is the system's
	Hook  func(Event) // told of everything that happens, in order; may be nil, must not block

	// Listen, ListenPacket and Dial are the way to the network; nil is the
	// system's.
	Listen       func(ctx context.Context, network, address string) (net.Listener, error)
	ListenPacket func(ctx context.Context, network, address string) (net.PacketConn, error)
	Dial         func(ctx context.Context, network, address string) (net.Conn, error)

	Framing Framing
	MaxSize int    // longest message in bytes; 0 is 65,536
	Seed    uint64 // of every random choice
	Keep    int    // how many raw lines Lines returns at most; 0 is 100, negative none
}

var errNotYet = errors.New("not yet")

// Start listens on an address: network is "tcp" or "udp". It may be called
// several times. The address returned is the one bound.
func (s *Server) Start(network, address string) (net.Addr, error) { return nil, errNotYet }

// Close stops listening, closes every connection and waits until every
// goroutine of the server has ended.
func (s *Server) Close() error { return nil }

// Inject makes the server misbehave until the fault is healed.
func (s *Server) Inject(f Fault) (id string, err error) { return "", errNotYet }

// Heal undoes the fault with this id, or every fault with this name.
func (s *Server) Heal(idOrName string) error { return errNotYet }

// HealAll undoes every fault.
func (s *Server) HealAll() {}

// Arrivals returns what was booked, in order of arrival.
func (s *Server) Arrivals() []Entry { return nil }

// Lines returns the last raw lines, oldest first.
func (s *Server) Lines() []string { return nil }

// Count says how many messages were booked at a place, repeated ones included.
func (s *Server) Count(p Place) int { return 0 }

// Validate says what is wrong with the fault and what was expected.
func (f Fault) Validate() error { return nil }

// FaultNames lists the faults that Inject knows, in alphabetical order.
func FaultNames() []string { return nil }
