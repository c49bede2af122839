package network

import (
	"fmt"
	"net/netip"
	"time"
)

// The kinds of Event.
const (
	Connected    = "connected"     // a SYN was accepted by a listener's kernel
	Refused      = "refused"       // a SYN was answered by a RST
	Unanswered   = "unanswered"    // a SYN vanished: once a try; Detail says where
	Reset        = "reset"         // a RST arrived; Detail says which bytes were lost
	Closed       = "closed"        // the FINs of both ends have arrived
	TimedOut     = "timed-out"     // an end gave its connection up; Detail says why
	DatagramLost = "datagram-lost" // Detail says where
	NameFailed   = "name-failed"   // a look-up failed; Detail says which and how
)

// Event is something that happened on the network.
type Event struct {
	Time time.Time
	Kind string
	// Agent is the name of the host that dialled, looked up or sent.
	Agent string
	// Connection is "client addr:port>server addr:port", the same text
	// whichever end it happened at; for a datagram, sender and destination.
	Connection string
	// Record is always empty: a network knows bytes, not records.
	Record string
	// Detail of a Reset is "lost bytes: unsent=1 in-flight=2 unread=3": what
	// the client wrote and the server's program never read, because it was
	// still in the client's send buffer, under way, or in the server's receive
	// buffer. "; on the way back: ..." follows if the server lost some too.
	Detail string
}

// tell notes an event, to be handed to the hook when the lock is released.
func (n *Network) tell(kind string, agent *Host, from, to netip.AddrPort, detail string) {
	if n.Hook == nil {
		return
	}
	e := Event{Time: time.Now(), Kind: kind, Agent: agent.name, Detail: detail}
	if to.IsValid() {
		e.Connection = fmt.Sprintf("%v>%v", from, to)
	}
	n.pending = append(n.pending, e)
}

// gate is the network's lock as a sync.Locker. Its Unlock first tells the
// pending events, with the lock released; one goroutine does so at a time,
// which keeps their order.
type gate Network

func (g *gate) Lock() { g.mu.Lock() }

func (g *gate) Unlock() {
	for !g.telling && len(g.pending) > 0 {
		events := g.pending
		g.pending, g.telling = nil, true
		g.mu.Unlock()
		for _, e := range events {
			g.Hook(e)
		}
		g.mu.Lock()
		g.telling = false
	}
	g.mu.Unlock()
}
