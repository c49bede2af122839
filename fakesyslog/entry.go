package fakesyslog

import "time"

// Place is where the receiver last saw a message.
type Place string

// The places that a receiver can tell apart. An event without any of them was
// never sent, or was lost before this kernel.
const (
	Parsed    Place = "parsed"    // read, framed and understood
	Rejected  Place = "rejected"  // read and not taken: its framing or its content was wrong
	Truncated Place = "truncated" // only its beginning came, or was kept
	Unread    Place = "unread"    // in the kernel and never read when the connection was broken
	Swallowed Place = "swallowed" // taken by whoever has the old address after the server moved
)

// Entry is one arrival. ID is empty where no event id could be read.
type Entry struct {
	ID         string    `json:"id"`
	Place      Place     `json:"place"`
	Connection string    `json:"connection"`
	Offset     int64     `json:"offset"` // of its frame in the connection's stream; of its datagram, 0
	Time       time.Time `json:"-"`
}

// line is the entry as a line of a ledger that is written out.
func (e Entry) line() []byte { return jsonLine(e) }
