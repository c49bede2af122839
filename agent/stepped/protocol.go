package stepped

import (
	"encoding/json"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Version is that of the protocol. A coordinator turns away a party of another.
const Version = 2

// ToCoordinator is what a party says: one of the fields is set.
type ToCoordinator struct {
	Hello  *Hello    `json:"hello,omitempty"` // first of all, and once
	Report *Report   `json:"report,omitempty"`
	Lookup *Question `json:"lookup,omitempty"`
	Seen   uint64    `json:"seen,omitempty"` // the Grant that only moved the time

	Restless string `json:"restless,omitempty"` // what has kept the party from being at rest for seconds
}

// ToParty is what the coordinator says: one of the fields is set.
type ToParty struct {
	Welcome *Welcome `json:"welcome,omitempty"` // answers the Hello
	Grant   *Grant   `json:"grant,omitempty"`
	Answer  *Answer  `json:"answer,omitempty"`
}

// Hello opens the protocol.
type Hello struct {
	Version int `json:"version"`
}

// Welcome is what the party starts with.
type Welcome struct {
	Now     time.Time     `json:"now"`
	Ahead   time.Duration `json:"ahead,omitempty"` // how far the party's own clock is wrong, in ns
	Seed    uint64        `json:"seed"`            // of its random choices
	Machine string        `json:"machine"`         // what its machine is called
	Bind    netip.Addr    `json:"bind,omitzero"`   // the address that its connections come from

	Names netip.AddrPort `json:"names,omitzero"` // the name server that it asks; none: it asks the coordinator
}

// Grant moves the party's time. The party answers with a Report once it is at
// rest, unless it had to do nothing else: then it says at once that it has seen it.
type Grant struct {
	Seq uint64    `json:"seq"`
	Now time.Time `json:"now"`
	Do  Deed      `json:"do,omitempty"`
}

// Deed is what a party has to do once it knows the time.
type Deed string

// The deeds.
const (
	Move Deed = ""     // nothing
	Look Deed = "look" // report what has come from elsewhere
	Fire Deed = "fire" // fire the first of the timers, if one is due, and report
)

// Question asks for the addresses of a name. One that is never answered is a
// name server that is silent.
type Question struct {
	ID   uint64 `json:"id"`
	Host string `json:"host"`
}

// Answer answers a Question.
type Answer struct {
	Seq       uint64       `json:"seq"`
	ID        uint64       `json:"id"`
	Addresses []netip.Addr `json:"addresses,omitempty"`
	Failure   string       `json:"failure,omitempty"` // as package net words it
	NotFound  bool         `json:"notFound,omitempty"`
}

// Report says that the party is at rest: nothing of its own runs, everything
// waits for the network or for a timer.
type Report struct {
	Seq   uint64 `json:"seq"` // of the last Grant or Answer that it has seen
	State State  `json:"state"`
}

// State is what a party knows of itself.
type State struct {
	Next  time.Time      `json:"next,omitzero"` // when its first timer is due; zero: it has none
	Ends  map[string]End `json:"ends,omitempty"`
	Dials []string       `json:"dials,omitempty"` // targets of those that are under way, sorted

	Datagrams map[uint16]Datagrams `json:"datagrams,omitempty"` // so far, by the port that they go to; 0: one that a kernel chose
}

// Datagrams counts one party's.
type Datagrams struct {
	Sent     uint64 `json:"sent,omitempty"`
	Received uint64 `json:"received,omitempty"`
}

// End is one party's view of a connection, whose key is "dialler>acceptor".
type End struct {
	Sent        int64 `json:"sent,omitempty"` // bytes that were given to the kernel, or are being
	Received    int64 `json:"received,omitempty"`
	Reading     bool  `json:"reading,omitempty"` // somebody waits for bytes
	Writing     bool  `json:"writing,omitempty"` // somebody waits for room
	Over        bool  `json:"over,omitempty"`    // reading has met the end of the stream, or an error
	WriteClosed bool  `json:"writeClosed,omitempty"`
	Closed      bool  `json:"closed,omitempty"`
	Silent      bool  `json:"silent,omitempty"` // the kernel was told to drop what comes
}

// Line is one side of the protocol over a connection: one JSON object a line.
type Line struct {
	conn    net.Conn
	decoder *json.Decoder
	mu      sync.Mutex
	encoder *json.Encoder
}

// NewLine speaks the protocol over conn.
func NewLine(conn net.Conn) *Line {
	return &Line{conn: conn, decoder: json.NewDecoder(conn), encoder: json.NewEncoder(conn)}
}

// Say sends message. It may be called from any goroutine.
func (l *Line) Say(message any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.encoder.Encode(message)
}

// Hear reads the next message into message.
func (l *Line) Hear(message any) error { return l.decoder.Decode(message) }

// Close ends it.
func (l *Line) Close() error { return l.conn.Close() }
