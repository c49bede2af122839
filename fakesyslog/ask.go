package fakesyslog

import (
	"fmt"
	"time"
)

// turn asks every active fault what a connection may do next. The hits are to
// be told once they have taken hold.
func (s *Server) turn(c *conn) (all turn, hits []Event) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.generation = s.generation
	switch {
	case s.closed:
		return turn{end: endStop}, nil
	case c.from.gone:
		return turn{end: endReset}, nil
	}
	now := s.now()
	for _, in := range s.active {
		t, first := in.turn(c, now)
		if first {
			hits = append(hits, in.hitEvent(now, c.label, fmt.Sprintf("at byte %d", c.scan.at())))
		}
		all = all.and(t)
	}
	return all, hits
}

// judge lets the active faults change what the framing found.
func (s *Server) judge(c *conn, f frame) frame {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.now()
	for _, in := range s.active {
		if in.effect.message == nil {
			continue
		}
		v, due, _ := in.look(c, now)
		if !due && !in.inBytes {
			continue
		}
		before := f
		in.effect.message(v, &f)
		if (f.wrong != before.wrong || f.swallowed != before.swallowed) && in.hit(c) {
			s.note(in.hitEvent(now, c.label, fmt.Sprintf("at byte %d", f.offset)))
		}
	}
	return f
}

// gate asks every active fault whether a listener may accept its next
// connection.
func (s *Server) gate(l *listener) (turn, uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all turn
	if len(s.active) == 0 || s.closed {
		return all, s.generation
	}
	now := s.now()
	for _, in := range s.active {
		if in.effect.accept != nil && in.at(l) && in.accepted >= in.After {
			t := in.effect.accept(now.Sub(l.lastAccept))
			if t != (turn{}) && !in.took[l] {
				in.took[l] = true
				in.hits++
				s.note(in.hitEvent(now, ">"+l.address, "holds the listener"))
			}
			all = all.and(t)
		}
	}
	return all, s.generation
}

// fates asks every active fault what becomes of a datagram of a client.
func (s *Server) fates(l *listener, label, remote string, now time.Time) fate {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all fate
	for _, in := range s.active {
		if in.effect.datagram == nil || !in.at(l) || !in.aims(label, remote) {
			continue
		}
		if in.accepted++; in.accepted <= in.After || !in.choose() {
			continue
		}
		f := in.effect.datagram(view{now: now, since: now.Sub(in.since), draw: draw(in.Seed, uint64(in.met))})
		if f != (fate{}) {
			in.hits++
			s.note(in.hitEvent(now, label, fmt.Sprintf("datagram %d", in.accepted)))
		}
		all.drop = all.drop || f.drop
		all.copies += f.copies
		all.behind = max(all.behind, f.behind)
		all.keep = least(all.keep, f.keep)
	}
	return all
}
