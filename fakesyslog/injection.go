package fakesyslog

import (
	"encoding/binary"
	"fmt"
	"hash/fnv"
	"net"
	"time"
)

// injection is a fault at work: which connections it chose, and how often it
// hit. The Server's mutex guards it.
type injection struct {
	Fault
	effect  effect
	inBytes bool
	since   time.Time
	stop    func() bool // of the timer that heals it; nil without one

	met      int // connections seen
	chosen   int
	hits     int
	accepted int // by the listeners concerned, for After of a fault of listening
	sights   map[*conn]*sight
}

// sight is what an injection remembers of one connection.
type sight struct {
	chosen   bool
	hit      bool
	based    bool
	messages int64 // of the connection when the fault was first asked about it
	bytes    int64
	draw     uint64
}

// at says whether the fault concerns a listener.
func (in *injection) at(l *listener) bool {
	switch in.Where {
	case "", "all", l.network, l.address:
		return true
	}
	return false
}

// aims says whether the fault concerns a client.
func (in *injection) aims(c *conn) bool {
	switch in.Target {
	case "", "all", c.label, c.remote:
		return true
	}
	host, _, err := net.SplitHostPort(c.remote)
	return err == nil && in.Target == host
}

// see returns what is remembered of a connection, and decides at first sight
// whether it is among the First and the Every.
func (in *injection) see(c *conn) *sight {
	if st := in.sights[c]; st != nil {
		return st
	}
	st := &sight{}
	in.sights[c] = st
	if !in.at(c.from) || !in.aims(c) {
		return st
	}
	in.met++
	st.draw = draw(in.Seed, uint64(in.met))
	if (in.Every < 2 || in.met%in.Every == 0) && (in.First == 0 || in.chosen < in.First) {
		in.chosen++
		st.chosen = true
	}
	return st
}

// draw is the nth random number of a seed. It doesn't depend on the order in
// which goroutines ask.
func draw(seed, n uint64) uint64 {
	h := fnv.New64a()
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], seed)
	binary.BigEndian.PutUint64(b[8:], n)
	h.Write(b[:])
	return h.Sum64()
}

// turn asks the fault what a connection may do next, and says whether it hits
// for the first time. Only the connection's own goroutine calls it.
func (in *injection) turn(c *conn, now time.Time) (turn, bool) {
	if in.effect.turn == nil {
		return turn{}, false
	}
	st := in.see(c)
	if !st.chosen {
		return turn{}, false
	}
	if !st.based {
		st.based, st.messages, st.bytes = true, c.messages, c.bytes
	}
	v := view{now: now, messages: c.messages - st.messages, bytes: c.bytes - st.bytes, idle: now.Sub(c.last), draw: st.draw}
	switch left := int64(in.After) - v.bytes; {
	case in.effect.down != nil: // After counts accepted connections
		if in.accepted < in.After {
			return turn{}, false
		}
	case in.inBytes && left > 0:
		return turn{most: int(left)}, false
	case in.inBytes && !c.dry: // messages that came before that byte go first
		return turn{}, false
	case !in.inBytes && v.messages < int64(in.After):
		return turn{}, false
	}
	t := in.effect.turn(v)
	fresh := !st.hit && t != turn{}
	if fresh {
		st.hit = true
		in.hits++
	}
	return t, fresh
}

// down says whether the fault wants a listener closed.
func (in *injection) down(l *listener) bool {
	return in.effect.down != nil && in.at(l) && in.accepted >= in.After && in.effect.down()
}

func (in *injection) hitEvent(now time.Time, connection, what string) Event {
	return Event{Time: now, Kind: KindFaultHit, Connection: connection, Record: in.ID, Detail: in.Name + " " + what}
}

func (in *injection) healedEvent(now time.Time, why string) Event {
	return Event{Time: now, Kind: KindFaultHealed, Record: in.ID,
		Detail: fmt.Sprintf("%s: hit %d, %s", in.Name, in.hits, why)}
}
