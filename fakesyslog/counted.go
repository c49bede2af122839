package fakesyslog

import (
	"bytes"
	"fmt"
)

// count reads an octet count and the space after it. It returns a frame only
// if something is wrong; else inside says whether a message follows.
func (s *scanner) count() (frame, bool) {
	p := s.pending()
	if c := p[0]; s.framing == OctetCounting && (c < '1' || c > '9') {
		return s.lost(p[:1], fmt.Sprintf("expected a message's length, found %q", c))
	}
	n, size := 0, 0
	for n < len(p) && p[n] >= '0' && p[n] <= '9' {
		if size <= guessLimit*1000 {
			size = size*10 + int(p[n]-'0')
		}
		n++
		if n > countDigits && s.framing == OctetCounting {
			return s.lost(p[:n], fmt.Sprintf("its length has more than %d digits", countDigits))
		}
	}
	if s.framing == Guess {
		return s.guess(n, size)
	}
	switch {
	case n == len(p):
		return frame{}, false
	case p[n] != ' ':
		return s.lost(p[:n+1], fmt.Sprintf("expected a space after the length %d, found %q", size, p[n]))
	}
	s.begin(n+1, size)
	return frame{}, false
}

// guess does as rsyslog 8.2302 does with a digit at the start of a frame: what
// follows the digits is taken for the space whatever it is. Only a number
// beyond guessLimit, or zero, makes it a line after all; the line then lacks
// that byte, and after a zero the digits too.
func (s *scanner) guess(n, size int) (frame, bool) {
	switch {
	case n >= s.max:
		return s.trailed()
	case n == len(s.pending()):
		return frame{}, false
	case size >= 1 && size <= guessLimit:
		s.begin(n+1, size)
		return frame{}, false
	}
	s.start = s.at()
	if size > guessLimit {
		s.prefix = bytes.Clone(s.pending()[:n])
	}
	s.line = true
	s.take(n + 1)
	return s.next()
}

func (s *scanner) begin(prefix, size int) {
	s.start = s.at()
	s.take(prefix)
	s.inside, s.size = true, size
}

// counted takes a message whose length is known.
func (s *scanner) counted() (frame, bool) {
	p := s.pending()
	if s.size > s.max {
		if len(p) < s.max {
			return frame{}, false
		}
		f := frame{data: p[:s.max], offset: s.start, cut: true}
		f.wrong = fmt.Sprintf("longer than %d bytes: its length is %d", s.max, s.size)
		s.take(s.max)
		s.inside, s.skip = false, s.size-s.max
		if s.long == SplitLong {
			return s.splitCounted(f), true
		}
		return s.judgeLong(f), true
	}
	if len(p) < s.size {
		return frame{}, false
	}
	f := frame{data: p[:s.size], offset: s.start}
	s.take(s.size)
	s.inside = false
	return f, true
}

// splitCounted makes what is left of a counted message one of its own.
func (s *scanner) splitCounted(f frame) frame {
	f.wrong += ": split"
	s.skip = 0
	if s.framing == Guess {
		s.skip = 1 // rsyslog loses the byte at which it splits
	}
	s.size -= s.max + s.skip
	s.start = s.at() + int64(s.skip)
	s.inside = s.size > 0
	return f
}

// lost gives the stream up.
func (s *scanner) lost(p []byte, wrong string) (frame, bool) {
	f := frame{data: p, offset: s.at(), wrong: wrong, fatal: true}
	s.take(len(s.pending()))
	return f, true
}
