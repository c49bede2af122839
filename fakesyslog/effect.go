package fakesyslog

import "time"

// effect is what one fault does at each place where a receiver can misbehave.
// A nil field leaves that place alone. The engine calls what is there and asks
// for nothing else, so a new fault is a new file and a row in the table.
//
// Every function is called with the Server's mutex held: it computes and
// returns, it never waits and never calls the Server.
type effect struct {
	// down says whether a listener is to be closed.
	down func() bool

	// turn says what a connection may do next. It is asked once After is
	// over, before each read and after each message.
	turn func(view) turn
}

// view is what a fault sees of a connection: counts are since the fault first
// saw it.
type view struct {
	now      time.Time
	messages int64
	bytes    int64
	idle     time.Duration // since the last byte came
	draw     uint64        // a random number of this connection, from the seed
}

// turn says what a connection may do next. The zero value lets it read on.
type turn struct {
	hold bool          // don't read before the faults change
	wait time.Duration // don't read for so long
	most int           // read at most so many bytes; 0 is no limit
	shut bool          // close the writing side, once
	end  ending        // break the connection now
}

// and is the narrower of two turns.
func (t turn) and(o turn) turn {
	t.hold = t.hold || o.hold
	t.shut = t.shut || o.shut
	t.wait = max(t.wait, o.wait)
	if t.most == 0 || o.most > 0 && o.most < t.most {
		t.most = o.most
	}
	if t.end == goesOn {
		t.end = o.end
	}
	return t
}

// ending is how a connection ends.
type ending int

const (
	goesOn       ending = iota
	endReset            // RST: SO_LINGER 0, then close
	endClose            // FIN, after what the kernel holds was drained
	endFrame            // the framing was lost
	endStop             // the server stops
	endPeerFIN          // the peer ended its stream, and everything was read
	endPeerReset        // the peer, or the network, broke it
)

var endingNames = []string{"goes on", "reset by fault", "closed by fault", "closed: framing lost", "server stopped",
	"fin from the peer", "reset by the peer"}

func (e ending) String() string { return endingNames[e] }
