package fakesyslog

import "time"

// effect is what one fault does at each place where a receiver can misbehave.
// A nil field leaves that place alone. The engine calls what is there and asks
// for nothing else, so a new fault is a new file and a row in the table.
//
// Every function is called with the Server's mutex held: it computes and
// returns, it never waits and never calls the Server.
type effect struct {
	// listen says what is to become of a listener. It is asked when the
	// faults change.
	listen func() stance

	// accept says whether the next connection may be accepted; since is the
	// time since the last one was. Only hold and wait count.
	accept func(since time.Duration) turn

	// handshake changes a TLS handshake that is about to begin.
	handshake func(view, *handshake)

	// turn says what a connection may do next. It is asked once After is
	// over, before each read and after each message.
	turn func(view) turn

	// message may change what the framing found, once After is over.
	message func(view, *frame)

	// datagram says what becomes of a datagram, once After is over.
	datagram func(view) fate

	// name says what becomes of a question for a name, once After is over.
	name func() nameAnswer

	// also is another address that is to be listened on meanwhile.
	also string
}

// stance is what is to become of a listener. The zero value lets it be.
type stance struct {
	down   bool // close it: the kernel refuses
	silent bool // let the kernel drop what comes for it
	short  bool // make the queue of connections not yet accepted hold backlog
	queue  int
}

func (a stance) and(b stance) stance {
	a.down = a.down || b.down
	a.silent = a.silent || b.silent
	if b.short && (!a.short || b.queue < a.queue) {
		a.short, a.queue = true, b.queue
	}
	return a
}

// view is what a fault sees of a connection or of a client of a UDP listener:
// counts are since the fault was first asked about it.
type view struct {
	now      time.Time
	since    time.Duration // since the fault was first asked about it
	idle     time.Duration // since the last byte came
	messages int64
	bytes    int64
	fresh    int64  // bytes that came since the fault was last asked about it
	reads    int64  // of the connection, from its beginning
	dry      bool   // no whole message is in the buffer
	partial  int    // bytes of the unfinished message in the buffer
	standing bool   // it was there before the fault
	draw     uint64 // a random number of this connection, from the seed
}

// turn says what a connection may do next. The zero value lets it read on.
type turn struct {
	hold   bool          // don't read before the faults change
	wait   time.Duration // don't read for so long
	late   time.Duration // read on, but handle what comes only so much later
	again  time.Duration // ask again after so long even if nothing comes; 0 is never
	most   int           // read at most so many bytes; 0 is no limit
	buffer int           // shrink the kernel's receive buffer to about so many bytes; 0 leaves it
	shut   bool          // close the writing side, once
	whole  bool          // pass only whole messages on to a receiver behind
	silent bool          // let the kernel drop what comes
	end    ending        // break the connection now
}

// and is the narrower of two turns.
func (t turn) and(o turn) turn {
	t.hold = t.hold || o.hold
	t.shut = t.shut || o.shut
	t.whole = t.whole || o.whole
	t.silent = t.silent || o.silent
	t.wait = max(t.wait, o.wait)
	t.late += o.late
	t.again = least(t.again, o.again)
	t.most = least(t.most, o.most)
	t.buffer = least(t.buffer, o.buffer)
	if t.end == goesOn {
		t.end = o.end
	}
	return t
}

// least is the smaller of two limits, of which 0 is none.
func least[T int | time.Duration](a, b T) T {
	if a == 0 || b > 0 && b < a {
		return b
	}
	return a
}

// fate is what becomes of a datagram. The zero value delivers it.
type fate struct {
	drop   bool
	copies int // deliver it so many times more
	behind int // deliver it after so many later ones
	keep   int // keep only so many bytes; 0 is all
}

// ending is how a connection ends.
type ending int

const (
	goesOn       ending = iota
	endReset            // RST: SO_LINGER 0, then close
	endClose            // FIN, after what the kernel holds was drained
	endCrash            // as the kernel ends a killed process: RST if something was unread, else FIN
	endTaken            // the same, when what is handled late was read
	endFrame            // the framing was lost
	endStop             // the server stops
	endPeerFIN          // the peer ended its stream, and everything was read
	endPeerCut          // the peer ended a TLS stream without close_notify
	endPeerReset        // the peer, or the network, broke it
	endHandshake        // the TLS handshake failed
	endBehind           // the receiver behind could not be reached, or broke off
)

var endingNames = []string{"goes on", "reset by fault", "closed by fault", "crashed by fault", "crashed by fault with what it had read", "closed: framing lost",
	"server stopped", "fin from the peer", "fin from the peer without close_notify", "reset by the peer", "handshake failed", "reset: the receiver behind broke off"}

func (e ending) String() string { return endingNames[e] }
