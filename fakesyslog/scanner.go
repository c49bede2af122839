package fakesyslog

import (
	"bytes"
	"fmt"
)

// LongLine is what a receiver does with a message that is longer than its
// maximum.
type LongLine int

const (
	TruncateLong LongLine = iota // keeps the beginning and drops the rest
	SplitLong                    // makes the rest a message of its own
	DropLong                     // drops the whole message
	CloseLong                    // drops it and closes the connection
)

const (
	smallBuffer = 4 << 10   // of a connection that says little
	largeBuffer = 256 << 10 // of one that fills its buffer
	// guessLimit is the largest octet count that Guess believes; a larger
	// number begins a line (rsyslog's maxFrameSize).
	guessLimit = 200_000
	// countDigits is the most digits a length may have. Ten and more would be
	// a message of over a gigabyte: nobody's, so the stream is given up.
	countDigits = 9
)

// frame is one message as the framing gives it, or what the framing found
// wrong. data is valid until the scanner is filled again.
type frame struct {
	data   []byte
	offset int64  // of the frame's first byte, its octet count included
	wrong  string // "" or what the framing found wrong
	cut    bool   // data is only the message's beginning
	fatal  bool   // nothing after this can be told apart: the connection must end

	swallowed bool // by a fault: it went to somebody else
}

// scanner tells the messages on a stream apart. It does no I/O: fill it with
// what was read, then take frames until next has none. Its memory is bounded by
// largeBuffer and twice the maximum size.
type scanner struct {
	framing Framing
	max     int
	long    LongLine

	buf  []byte
	r, w int   // buf[r:w] is not yet scanned
	base int64 // stream offset of buf[0]

	seen   int    // bytes from r known to hold no trailer
	skip   int    // bytes still to be dropped of a counted message
	drop   bool   // drop everything up to the next trailer
	inside bool   // an octet count was read; size and start describe its message
	line   bool   // the beginning of a line was taken: prefix and start describe it
	prefix []byte // of the line
	size   int
	start  int64
}

// space returns where to read into: at least one byte.
func (s *scanner) space() []byte {
	if s.r > 0 {
		copy(s.buf, s.buf[s.r:s.w])
		s.base += int64(s.r)
		s.w -= s.r
		s.r = 0
	}
	if s.w == len(s.buf) {
		s.grow()
	}
	return s.buf[s.w:]
}

func (s *scanner) grow() {
	n := max(smallBuffer, 2*len(s.buf))
	s.buf = append(make([]byte, 0, n), s.buf[:s.w]...)[:n]
}

// filled says that n bytes were read into space.
func (s *scanner) filled(n int) {
	s.w += n
	if s.w == len(s.buf) && len(s.buf) < largeBuffer {
		s.grow() // the sender has more than fits
	}
}

func (s *scanner) pending() []byte { return s.buf[s.r:s.w] }

func (s *scanner) take(n int) {
	s.r += n
	s.seen = 0
}

func (s *scanner) at() int64 { return s.base + int64(s.r) }

// next returns the next whole message, or what is wrong with the stream; false
// means that more must be read first.
func (s *scanner) next() (frame, bool) {
	for s.r < s.w {
		if s.skip > 0 {
			n := min(s.skip, s.w-s.r)
			s.take(n)
			s.skip -= n
			continue
		}
		switch {
		case s.inside:
			return s.counted()
		case s.drop || s.line || s.framing == NonTransparent || s.framing == NUL:
			return s.trailed()
		}
		if c := s.buf[s.r]; s.framing == Guess && (c < '0' || c > '9') {
			return s.trailed()
		}
		if f, ok := s.count(); ok || !s.inside {
			return f, ok
		}
	}
	return frame{}, false
}

// rest returns what is left when the stream has ended: the beginning of a
// message whose end never came.
func (s *scanner) rest() (frame, bool) {
	if s.drop || s.r == s.w && len(s.prefix) == 0 {
		return frame{}, false
	}
	f := frame{data: s.joined(s.pending()), offset: s.origin(), wrong: "the stream ended inside it", cut: true}
	if s.inside {
		f.offset = s.start
		f.wrong = fmt.Sprintf("the stream ended %d bytes before its end", s.size-len(f.data))
	}
	s.take(len(s.pending()))
	s.inside, s.line, s.prefix = false, false, nil
	return f, true
}

// joined is p after the prefix of the line that was taken before, if any.
func (s *scanner) joined(p []byte) []byte {
	if len(s.prefix) == 0 {
		return p
	}
	return append(s.prefix, p...)
}

// origin is where the message began of which the next bytes are.
func (s *scanner) origin() int64 {
	if s.line {
		return s.start
	}
	return s.at()
}

// trailed takes a message that its trailer ends.
func (s *scanner) trailed() (frame, bool) {
	trailer := byte('\n')
	if s.framing == NUL {
		trailer = 0
	}
	p := s.pending()
	n := bytes.IndexByte(p[s.seen:], trailer)
	if s.drop {
		if n < 0 {
			s.take(len(p))
			return frame{}, false
		}
		s.drop = false
		s.take(n + 1)
		return s.next()
	}
	if n >= 0 {
		n += s.seen
	}
	if room := s.max - len(s.prefix); n > room || n < 0 && len(p) > room {
		return s.tooLong(n)
	}
	if n < 0 {
		s.seen = len(p)
		return frame{}, false
	}
	f := frame{data: s.joined(p[:n]), offset: s.origin()}
	s.take(n + 1)
	s.line, s.prefix = false, nil
	return f, true
}

// tooLong ends a message that outgrew the maximum; n is where its trailer is,
// or negative.
func (s *scanner) tooLong(n int) (frame, bool) {
	f := frame{data: s.joined(s.pending()[:s.max-len(s.prefix)]), offset: s.origin(), cut: true}
	f.wrong = fmt.Sprintf("longer than %d bytes", s.max)
	s.take(s.max - len(s.prefix))
	s.line, s.prefix = false, nil
	if s.long == SplitLong {
		f.wrong += ": split"
		if s.framing == Guess {
			s.take(1) // rsyslog loses the byte at which it splits
		}
		s.line, s.start = true, s.at()
		return f, true
	}
	s.drop = true
	return s.judgeLong(f), true
}

func (s *scanner) judgeLong(f frame) frame {
	switch s.long {
	case DropLong:
		f.cut = false
		f.wrong += ": dropped"
	case CloseLong:
		f.cut = false
		f.fatal = true
		f.wrong += ": connection closed"
	default:
		f.wrong += ": the rest is cut off"
	}
	return f
}
