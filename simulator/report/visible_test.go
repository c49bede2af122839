package report

import (
	"strings"
	"testing"
	"unicode/utf8"

	. "github.com/onsi/gomega"
)

func TestVisible(t *testing.T) {
	for in, want := range map[string]string{
		"":                       "",
		"plain – ünïcode 日本":     "plain – ünïcode 日本",
		"tab\tnul\x00esc\x1b[0m": `tab\x09nul\x00esc\x1b[0m`,
		"not UTF-8 \xff\xfe":     `not UTF-8 \xff\xfe`,
		"\uFFFD stays":           "\uFFFD stays",
		"\u202eback\u2066":       `\u202eback\u2066`,
		"no\u00a0break\u200b":    `no\u00a0break\u200b`,
		"a\nb":                   `a\x0ab`,
	} {
		NewWithT(t).Expect(visible(in)).To(Equal(want))
	}
	g := NewWithT(t)
	g.Expect(visible(strings.Repeat("é", longest))).To(Equal(strings.Repeat("é", longest/2) + " … (4000 bytes more)"))
	g.Expect(visibleLines("a\x00\nb")).To(Equal("a\\x00\nb"))
}

func FuzzVisible(f *testing.F) {
	f.Add("\x1b\u202e\xff")
	f.Add(strings.Repeat("日", 2000) + "\xe6")
	f.Fuzz(func(t *testing.T, in string) {
		out := visible(in)
		if !utf8.ValidString(out) || strings.IndexFunc(out, hidden) >= 0 {
			t.Fatalf("%q became %q", in, out)
		}
	})
}
