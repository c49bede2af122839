package fakesyslog

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Server is the receiver. Set the fields before the first Start; its methods
// may be called from any goroutine.
type Server struct {
	Clock Clock       // nil is the system's
	Hook  func(Event) // told of everything that happens, in order; may be nil, must not block

	Quiet bool // don't tell the Hook of lines that were parsed: the ledger has them

	// Listen, ListenPacket and Dial are the way to the network; nil is the
	// system's.
	Listen       func(ctx context.Context, network, address string) (net.Listener, error)
	ListenPacket func(ctx context.Context, network, address string) (net.PacketConn, error)
	Dial         func(ctx context.Context, network, address string) (net.Conn, error)

	Out io.Writer // gets each message that was taken from a stream or a datagram, with a line feed after it; may be nil

	// Forward is the address of a receiver behind: everything that is read
	// is passed on to it over TCP, or UDP, and how it ends is passed back. ""
	// is none.
	Forward string

	// ForwardTLS secures the way to the receiver behind; nil leaves it plain.
	// Its Time is the Clock, and its ServerName by default Forward's host.
	ForwardTLS *tls.Config

	Framing  Framing
	MaxSize  int // longest message in bytes; 0 is 65,536
	LongLine LongLine

	Malformed     Malformed // what happens to a line that deviates
	NeedHost      bool      // a line without a system name deviates
	EscapeControl bool      // control characters are escaped on reception, not a deviation
	KeepControl   bool      // control characters are taken as they are, not a deviation

	// TLS is used by listeners on "tls"; its certificate may be missing. nil
	// takes TLS 1.2 and 1.3 and asks for no client certificate. A certificate
	// that is missing is made by the server's own authority, see CAPEM, for
	// Names, localhost and the listener's address.
	TLS   *tls.Config
	Names []string

	MaxConnections int    // more are turned away; 0 is 1,000
	Seed           uint64 // of every random choice
	Keep           int    // how many raw lines Lines returns at most; 0 is 100, negative none
	Remember       int    // how many arrivals Arrivals returns at most; 0 is 262,144

	faultMu sync.Mutex // one change of the faults at a time; held before mu

	mu         sync.Mutex
	closed     bool
	listeners  []*listener
	conns      map[*conn]struct{}
	lastNumber uint64 // of a connection
	lastID     int    // of a fault
	active     []*injection
	faulty     atomic.Bool // the connections must ask before each step
	moved      bool        // an address was listened on for a while and is no longer
	generation uint64      // of the faults: counts their changes
	parked     map[*parking]struct{}
	retry      func() bool // stops the timer of tryAgain
	events     []Event
	telling    bool

	authority  authority
	ctx        context.Context // done when the server closes
	cancel     context.CancelFunc
	turnedAway int

	ledger  Ledger
	running sync.WaitGroup
}

const (
	defaultMaxSize        = 64 << 10
	defaultMaxConnections = 1000
)

var errClosed = errors.New("the syslog server is closed")

func (s *Server) clock() Clock {
	if s.Clock == nil {
		return systemClock{}
	}
	return s.Clock
}

func (s *Server) maxSize() int {
	if s.MaxSize <= 0 {
		return defaultMaxSize
	}
	return s.MaxSize
}

func (s *Server) maxConnections() int {
	if s.MaxConnections <= 0 {
		return defaultMaxConnections
	}
	return s.MaxConnections
}

func (s *Server) now() time.Time { return s.clock().Now() }

// Start listens on an address: network is "tcp", "udp" or "tls", for IPv4 or
// IPv6 only with a 4 or 6 after it. It may be called several times. The address
// returned is the one bound.
func (s *Server) Start(network, address string) (net.Addr, error) {
	l := &listener{s: s, network: strings.TrimRight(network, "46"), address: address}
	l.family = network[len(l.network):]
	if !slices.Contains([]string{"tcp", "udp", "tls"}, l.network) || len(l.family) > 1 {
		return nil, fmt.Errorf("listen on %s: unknown network %q, expected tcp, udp or tls, or one of these with 4 or 6", address, network)
	}
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	if err := s.prepare(); err != nil {
		return nil, err
	}
	if l.network == "tls" {
		if err := s.authority.open(s); err != nil {
			return nil, err
		}
	}
	addr, err := l.open()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.listeners = append(s.listeners, l)
	s.mu.Unlock()
	return addr, s.changed()
}

// prepare makes what the zero value lacks.
func (s *Server) prepare() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return errClosed
	}
	if s.conns == nil {
		s.conns = map[*conn]struct{}{}
		s.parked = map[*parking]struct{}{}
		s.ctx, s.cancel = context.WithCancel(context.Background())
		s.ledger.Keep, s.ledger.Remember, s.ledger.out = s.Keep, s.Remember, s.Out
	}
	return nil
}

// Close stops listening, closes every connection and waits until every
// goroutine of the server has ended. A second call does nothing.
func (s *Server) Close() error {
	err := s.shut()
	s.running.Wait()
	s.tell()
	return err
}

// shut ends whatever runs, and doesn't wait for it.
func (s *Server) shut() error {
	s.faultMu.Lock()
	defer s.faultMu.Unlock()
	s.mu.Lock()
	s.closed = true
	s.faulty.Store(true)
	s.wakeAll()
	for _, in := range s.active {
		if in.stop != nil {
			in.stop()
		}
	}
	if s.retry != nil {
		s.retry()
	}
	if s.cancel != nil {
		s.cancel()
	}
	s.mu.Unlock()
	return s.changed()
}

// Ledger is where the server books each message.
func (s *Server) Ledger() *Ledger { return &s.ledger }

// Arrivals returns what was booked, in order of arrival: the last Remember of
// it.
func (s *Server) Arrivals() []Entry { return s.ledger.Arrivals() }

// Lines returns the last raw lines, oldest first.
func (s *Server) Lines() []string { return s.ledger.Lines() }

// State is what a server is doing.
type State struct {
	Connections int           `json:"connections"`
	TurnedAway  int           `json:"turnedAway"` // since the start, because there were too many
	Bytes       int64         `json:"bytes"`      // of all messages booked
	Places      map[Place]int `json:"places"`     // messages booked, by place
}

// State returns what the server is doing now.
func (s *Server) State() State {
	st := State{Bytes: s.ledger.Bytes(), Places: map[Place]int{}}
	for p := range planeOf {
		st.Places[p] = s.ledger.Count(p)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st.Connections, st.TurnedAway = len(s.conns), s.turnedAway
	return st
}

// Count says how many messages were booked at a place, repeated ones included.
func (s *Server) Count(p Place) int { return s.ledger.Count(p) }
