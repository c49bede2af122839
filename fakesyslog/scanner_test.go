package fakesyslog

import (
	"fmt"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// scanAll feeds a stream to a scanner in pieces of n bytes and writes down what
// came out: "text@offset", with what was wrong in brackets.
func scanAll(s *scanner, stream string, n int) []string {
	var got []string
	write := func(f frame) bool {
		text := fmt.Sprintf("%s@%d", f.data, f.offset)
		if f.wrong != "" {
			text += "[" + f.wrong + "]"
		}
		got = append(got, text)
		return f.fatal
	}
	for len(stream) > 0 {
		p := s.space()
		m := copy(p[:min(n, len(p))], stream)
		stream = stream[m:]
		s.filled(m)
		for f, ok := s.next(); ok; f, ok = s.next() {
			if write(f) {
				return got
			}
		}
	}
	if f, ok := s.rest(); ok {
		write(f)
	}
	return got
}

func TestFraming(t *testing.T) {
	long := strings.Repeat("x", 20)
	for _, c := range []struct {
		name    string
		framing Framing
		long    LongLine
		stream  string
		want    []string
	}{
		{"lines", NonTransparent, 0, "ab\ncd\n", []string{"ab@0", "cd@3"}},
		{"an empty line", NonTransparent, 0, "\nab\n", []string{"@0", "ab@1"}},
		{"a line without end", NonTransparent, 0, "ab\ncd", []string{"ab@0", "cd@3[the stream ended inside it]"}},
		{"a line of exactly the maximum", NonTransparent, 0, long[:10] + "\n", []string{long[:10] + "@0"}},
		{"a long line is cut off", NonTransparent, TruncateLong, long + "\nab\n", []string{long[:10] + "@0[longer than 10 bytes: the rest is cut off]", "ab@21"}},
		{"a long line is split", NonTransparent, SplitLong, long[:15] + "\nab\n", []string{long[:10] + "@0[longer than 10 bytes: split]", "xxxxx@10", "ab@16"}},
		{"a long line is dropped", NonTransparent, DropLong, long + "\nab\n", []string{long[:10] + "@0[longer than 10 bytes: dropped]", "ab@21"}},
		{"a long line closes", NonTransparent, CloseLong, long + "\nab\n", []string{long[:10] + "@0[longer than 10 bytes: connection closed]"}},
		{"a line without end that was cut off", NonTransparent, TruncateLong, long, []string{long[:10] + "@0[longer than 10 bytes: the rest is cut off]"}},
		{"zero bytes", NUL, 0, "a\nb\x00cd\x00", []string{"a\nb@0", "cd@4"}},
		{"counted", OctetCounting, 0, "2 ab3 c\nd", []string{"ab@0", "c\nd@4"}},
		{"counted without end", OctetCounting, 0, "2 ab9 cd", []string{"ab@0", "cd@4[the stream ended 7 bytes before its end]"}},
		{"a count without end", OctetCounting, 0, "2 ab12", []string{"ab@0", "12@4[the stream ended inside it]"}},
		{"a count of zero", OctetCounting, 0, "0 ab", []string{`0@0[expected a message's length, found '0']`}},
		{"no count", OctetCounting, 0, "ab\n", []string{`a@0[expected a message's length, found 'a']`}},
		{"a count without a space", OctetCounting, 0, "2ab", []string{`2a@0[expected a space after the length 2, found 'a']`}},
		{"a count beyond belief", OctetCounting, 0, "1000000000000000000 x", []string{"1000000000@0[its length has more than 9 digits]"}},
		{"a long counted message is cut off", OctetCounting, TruncateLong, "12 " + long[:12] + "1 a", []string{long[:10] + "@0[longer than 10 bytes: its length is 12: the rest is cut off]", "a@15"}},
		{"a long counted message is dropped", OctetCounting, DropLong, "12 " + long[:12] + "1 a", []string{long[:10] + "@0[longer than 10 bytes: its length is 12: dropped]", "a@15"}},
		{"guessing a line", Guess, 0, "ab\n<1>c\n", []string{"ab@0", "<1>c@3"}},
		{"guessing a count", Guess, 0, "2 abcd\n", []string{"ab@0", "cd@4"}},
		{"guessing a year for a count", Guess, 0, "5-07-1\n5-08", []string{"07-1\n@0", "08@7[the stream ended 3 bytes before its end]"}},
		{"guessing a count beyond belief", Guess, 0, "999999 a\nb\n", []string{"999999a@0", "b@9"}},
		{"guessing a count of zero", Guess, 0, "0 a\nb\n", []string{"a@0", "b@4"}},
		{"guessing a count of zero without an end", Guess, 0, "0 a", []string{"a@0[the stream ended inside it]"}},
		{"guessing a count beyond belief for a long line", Guess, SplitLong, "999999 abcdefgh9\nb\n", []string{"999999abcd@0[longer than 10 bytes: split]", "fgh9@12", "b@17"}},
		{"a split line goes on with a digit", Guess, SplitLong, "abcdefghij5 klm\n", []string{"abcdefghij@0[longer than 10 bytes: split]", " klm@11"}},
		{"a long guessed message is split", Guess, SplitLong, "11 " + long[:11] + "12 " + long[:12] + "1 a", []string{long[:10] + "@0[longer than 10 bytes: its length is 11: split]", long[:10] + "@14[longer than 10 bytes: its length is 12: split]", "x@28", "a@29"}},
		{"a long counted message is split", OctetCounting, SplitLong, "12 " + long[:12] + "1 a", []string{long[:10] + "@0[longer than 10 bytes: its length is 12: split]", "xx@13", "a@15"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, n := range []int{1, 2, 7, 1000} {
				g := NewWithT(t)
				s := &scanner{framing: c.framing, max: 10, long: c.long}
				g.Expect(scanAll(s, c.stream, n)).To(Equal(c.want), "in pieces of %d", n)
			}
		})
	}
}

func TestAnEndlessLineDoesNotGrowTheBuffer(t *testing.T) {
	g := NewWithT(t)
	s := &scanner{max: 1000}
	endless := []byte(strings.Repeat("x", 1000))
	frames := 0
	for range 10_000 {
		s.filled(copy(s.space(), endless))
		for _, ok := s.next(); ok; _, ok = s.next() {
			frames++
		}
	}
	g.Expect(frames).To(Equal(1))
	g.Expect(len(s.buf)).To(BeNumerically("<=", largeBuffer))
}
