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
	sights   map[any]*sight
	took     map[*listener]bool // listeners on which it has taken hold
	extra    *listener          // that it opened
}

// sight is what an injection remembers of one connection or client.
type sight struct {
	chosen   bool
	standing bool
	hit      bool
	based    bool
	since    time.Time // when the fault was first asked about it, and its counts then
	messages int64
	bytes    int64
	asked    int64 // bytes when it was last asked
	draw     uint64
}

// at says whether the fault concerns a listener.
func (in *injection) at(l *listener) bool {
	if in.extra == l || (l.network == "dns") != (in.effect.name != nil) {
		return false
	}
	switch in.Where {
	case "", "all", l.network, l.address:
		return true
	}
	return false
}

// aims says whether the fault concerns a client.
func (in *injection) aims(label, remote string) bool {
	switch in.Target {
	case "", "all", label, remote:
		return true
	}
	host, _, err := net.SplitHostPort(remote)
	return err == nil && in.Target == host
}

// choose counts a candidate and says whether it is among the First and the
// Every.
func (in *injection) choose() bool {
	in.met++
	if in.Every > 1 && in.met%in.Every != 0 || in.First > 0 && in.chosen == in.First {
		return false
	}
	in.chosen++
	return true
}

// see returns what is remembered of a connection, and decides at first sight
// whether the fault is for it.
func (in *injection) see(c *conn, standing bool) *sight {
	if st := in.sights[c]; st != nil {
		return st
	}
	st := &sight{standing: standing}
	in.sights[c] = st
	if in.at(c.from) && in.aims(c.label, c.remote) {
		st.chosen = in.choose()
		st.draw = draw(in.Seed, uint64(in.met))
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
	return h.Sum64() * 0x9e3779b97f4a7c15 >> 1
}

// look returns what the fault sees of a connection, and whether the fault is
// for it and After is over; left is how many bytes After still counts.
func (in *injection) look(c *conn, now time.Time) (v view, due bool, left int64) {
	st := in.see(c, false)
	if !st.chosen {
		return view{}, false, 0
	}
	if !st.based {
		st.based, st.since, st.messages, st.bytes, st.asked = true, now, c.messages, c.bytes, c.bytes
	}
	v = view{now: now, since: now.Sub(st.since), idle: now.Sub(c.last),
		messages: c.messages - st.messages, bytes: c.bytes - st.bytes, fresh: c.bytes - st.asked, reads: c.reads,
		dry: c.dry && c.late.empty(), partial: len(c.scan.pending()), standing: st.standing, draw: st.draw}
	st.asked = c.bytes
	switch {
	case in.effect.listen != nil:
		return v, in.accepted >= in.After, 0
	case in.inBytes:
		left = int64(in.After) - v.bytes
		return v, left <= 0 && v.dry, max(left, 0) // messages that came before that byte go first
	}
	return v, v.messages >= int64(in.After), 0
}

// turn asks the fault what a connection may do next, and says whether it hits
// for the first time. Only the connection's own goroutine calls it.
func (in *injection) turn(c *conn, now time.Time) (turn, bool) {
	if in.effect.turn == nil {
		return turn{}, false
	}
	v, due, left := in.look(c, now)
	if !due {
		return turn{most: int(left)}, false
	}
	t := in.effect.turn(v)
	acts := t
	acts.again, acts.whole = 0, false // neither is misbehaviour
	return t, acts != turn{} && in.hit(c)
}

// hit counts the first hit of a connection, and says whether this is it.
func (in *injection) hit(c *conn) bool {
	st := in.sights[c]
	if st.hit {
		return false
	}
	st.hit = true
	in.hits++
	return true
}

// stance is what the fault wants of a listener.
func (in *injection) stance(l *listener) stance {
	if in.effect.listen == nil || !in.at(l) || in.accepted < in.After {
		return stance{}
	}
	return in.effect.listen()
}

// describe is the fault without its id, which its events have as Record.
func (in *injection) describe() string {
	f := in.Fault
	f.ID = ""
	return f.String()
}

func (in *injection) hitEvent(now time.Time, connection, what string) Event {
	return Event{Time: now, Kind: KindFaultHit, Connection: connection, Record: in.ID, Detail: in.Name + " " + what}
}

func (in *injection) healedEvent(now time.Time, why string) Event {
	return Event{Time: now, Kind: KindFaultHealed, Record: in.ID,
		Detail: fmt.Sprintf("%s: hit %d, %s", in.Name, in.hits, why)}
}
