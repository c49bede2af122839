package syslog

import (
	"bytes"
	"strconv"
	"testing"
	"unicode/utf8"

	. "github.com/onsi/gomega"
)

func TestFraming(t *testing.T) {
	for name, c := range map[string]struct {
		framing Framing
		line    string
		maxSize int
		frame   string
	}{
		"a line feed after it":           {NonTransparent, "abc", 0, "abc\n"},
		"its length before it":           {OctetCounting, "abc", 0, "3 abc"},
		"length in bytes":                {OctetCounting, "é", 0, "2 é"},
		"empty":                          {OctetCounting, "", 0, "0 "},
		"as long as it may be":           {NonTransparent, "abc", 3, "abc\n"},
		"cut":                            {NonTransparent, "abcd", 3, "abc\n"},
		"cut before it is counted":       {OctetCounting, "abcd", 3, "3 abc"},
		"cut between characters":         {NonTransparent, "aé", 2, "a\n"},
		"cut before a character of four": {NonTransparent, "a😀b", 4, "a\n"},
		"cut after a character of four":  {NonTransparent, "a😀b", 5, "a😀\n"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			g.Expect(string(c.framing.AppendFrame([]byte("x"), []byte(c.line), c.maxSize))).To(Equal("x" + c.frame))
		})
	}
}

func FuzzFraming(f *testing.F) {
	f.Add("a line", 4)
	f.Add("é😀", 3)
	f.Fuzz(func(t *testing.T, line string, maxSize int) {
		counted := OctetCounting.AppendFrame(nil, []byte(line), maxSize)
		length, rest, found := bytes.Cut(counted, []byte(" "))
		n, err := strconv.Atoi(string(length))
		if !found || err != nil || n != len(rest) {
			t.Fatalf("%q: the length is not that of the rest", counted)
		}
		if maxSize > 0 && n > maxSize {
			t.Fatalf("%q: %d bytes, %d are the most", counted, n, maxSize)
		}
		if utf8.ValidString(line) && maxSize >= 0 && !utf8.Valid(rest) {
			t.Fatalf("%q: cut within a character", rest)
		}
	})
}
