package fakesyslog

import "time"

// Event is one thing that happened at a Server. Agent is always empty: a
// receiver can't know who is behind an address.
type Event struct {
	Time       time.Time
	Kind       string
	Agent      string
	Connection string // "client addr:port>server addr:port"; "" when none is concerned
	Record     string // the event id (CEF externalId) of a line; the fault's id of a fault
	Detail     string
}

// The kinds of Event. Offsets in Detail are bytes from the start of the
// connection's stream (of the plain text under TLS), or of the datagram.
const (
	KindListening     = "listening"      // Connection is ">server address"; Detail is the network
	KindListenFailed  = "listen-failed"  // an address could not be listened on again; Detail says why
	KindAccepted      = "accepted"       // a connection was taken from the listener
	KindTurnedAway    = "turned-away"    // a connection was reset at once: Detail says which bound was reached
	KindClosed        = "closed"         // Detail says how and how many bytes were read
	KindLine          = "line"           // a line was read, parsed and booked; Detail is "offset=N"
	KindRejected      = "rejected"       // a line was read and not taken; Detail is "offset=N: what was wrong with it"
	KindTruncated     = "truncated"      // only the beginning of a line came or was kept; Detail as above
	KindUnread        = "unread"         // a line was in the kernel and never read when the connection was broken; Detail is "offset=N"
	KindSwallowed     = "swallowed"      // a line went to whoever has the old address now; Detail is "offset=N"
	KindTrouble       = "trouble"        // something that was asked of the network could not be done; Detail says what
	KindFaultInjected = "fault-injected" // Detail is the fault's name and settings
	KindFaultHit      = "fault-hit"      // Detail is "name at byte N", or what it did to a listener
	KindFaultHealed   = "fault-healed"   // Detail is the fault's name, how many times it hit, and why it ended
)
