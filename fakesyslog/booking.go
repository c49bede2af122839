package fakesyslog

import (
	"fmt"
	"time"
)

// take parses and books one message, which began at a place in the scanner's
// buffer, and says whether the stream goes on.
func (c *conn) take(f frame, from int) bool {
	if c.s.faulty.Load() {
		f = c.s.judge(c, f)
	}
	if f.swallowed && c.relay != nil {
		c.relay.swallow(from)
	}
	c.messages++
	c.s.parse(&c.line, &f)
	place, kind, what := c.line.place(f)
	c.book(f, place, kind, what)
	return !f.fatal
}

// parse reads a message as the server's rules for content have it.
func (s *Server) parse(l *Line, f *frame) {
	if s.EscapeControl {
		f.data = escapeControl(f.data)
	}
	l.keepControl = s.KeepControl
	l.Parse(f.data)
	if s.NeedHost && len(l.System) == 0 {
		l.deviate(0, "no system name")
	}
	s.Malformed.apply(f, l)
}

// place says where a message ended up, and what was wrong with it.
func (l *Line) place(f frame) (place Place, kind, what string) {
	switch {
	case f.swallowed:
		return Swallowed, KindSwallowed, ""
	case f.cut:
		return Truncated, KindTruncated, f.wrong
	case f.wrong != "":
		return Rejected, KindRejected, f.wrong
	case len(l.Deviations) > 0:
		return Rejected, KindRejected, l.deviations()
	}
	return Parsed, KindLine, ""
}

// wholeID is the id of the line. Where it is the last that came, it may have
// gone on, and is none.
func (l *Line) wholeID() []byte {
	ext := l.CEF.Extension
	if n := len(ext); n > 0 && string(ext[n-1].Key) == "externalId" {
		return nil
	}
	return l.ID()
}

func (l *Line) deviations() string {
	text := l.Deviations[0].String()
	if more := len(l.Deviations) - 1 + l.unlisted; more > 0 {
		text += fmt.Sprintf(" (and %d more)", more)
	}
	return text
}

func (c *conn) bookUnread(f frame) {
	c.line.Parse(f.data)
	c.book(f, Unread, KindUnread, f.wrong)
}

func (c *conn) book(f frame, place Place, kind, what string) {
	c.s.book(c.label, c.line.wholeID(), f, place, kind, what, c.last)
}

// book writes one message into the ledger and tells it.
func (s *Server) book(label string, id []byte, f frame, place Place, kind, what string, now time.Time) {
	s.ledger.book(id, place, label, f.offset, now, f.data)
	if s.Hook == nil || s.Quiet && place == Parsed {
		return
	}
	detail := fmt.Sprintf("offset=%d", f.offset)
	if what != "" {
		detail += ": " + what
	}
	s.mu.Lock()
	s.note(Event{Time: now, Kind: kind, Connection: label, Record: string(id), Detail: detail})
	s.mu.Unlock()
	s.tell()
}
