package fakesyslog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzFraming feeds any stream in any pieces: whatever comes, the frames don't
// depend on the pieces, every offset lies in the stream, no frame is longer
// than the maximum, and the buffer stays within its bound.
func FuzzFraming(f *testing.F) {
	for _, framing := range []Framing{NonTransparent, NUL, OctetCounting, Guess} {
		for _, stream := range []string{"", "a\nb\n", "1 a2 bc", "a\x00b\x00", "2017-01-01 x\n", "1000000000000000000 x",
			"999999 x\n", "0 x\n", strings.Repeat("x", 200), "12 " + strings.Repeat("y", 40)} {
			for _, long := range []LongLine{TruncateLong, SplitLong, DropLong, CloseLong} {
				f.Add(stream, byte(framing), byte(long), byte(3))
			}
		}
	}
	f.Fuzz(func(t *testing.T, stream string, framing, long, piece byte) {
		const most = 32
		run := func(n int) []string {
			s := &scanner{framing: Framing(framing % 4), long: LongLine(long % 4), max: most}
			frames := scanAll(s, stream, n)
			if len(s.buf) > largeBuffer {
				t.Fatalf("the buffer grew to %d bytes", len(s.buf))
			}
			return frames
		}
		whole, pieces := run(1<<20), run(int(piece)+1)
		if fmt.Sprint(whole) != fmt.Sprint(pieces) {
			t.Fatalf("at once %q, in pieces %q", whole, pieces)
		}
	})
}

// FuzzRoundTripOfFraming writes messages and reads them back.
func FuzzRoundTripOfFraming(f *testing.F) {
	f.Add([]byte("a"), []byte(""), []byte("2017-01-01"))
	f.Add([]byte("a\nb"), []byte("1 "), []byte{0})
	f.Fuzz(func(t *testing.T, a, b, c []byte) {
		var stream []byte
		var want []string
		for _, m := range [][]byte{a, b, c} {
			if len(m) == 0 { // no length of zero exists
				continue
			}
			want = append(want, fmt.Sprintf("%s@%d", m, len(stream)))
			stream = fmt.Appendf(stream, "%d ", len(m))
			stream = append(stream, m...)
		}
		got := scanAll(&scanner{framing: OctetCounting, max: 1 << 20}, string(stream), 7)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}

// FuzzLine parses any line: it never panics, every deviation lies in the line,
// and every slice is part of it.
func FuzzLine(f *testing.F) {
	for _, line := range documented(f) {
		f.Add([]byte(line))
		f.Add([]byte("<14>" + line))
	}
	for _, line := range []string{"", "<", "<14>1 - - - - - - x", goodLine + ` dvc=\`, "Mar 02 21:10:02 h CEF:0|a|", "<13>Mar  2 21:10:02 h t: CEF:0|",
		"2023-03-02T21:10:02.022Z CEF:0|MCAS|SIEM_Agent|1|C|N|0|=a=b =c \\= =", "\xff\xfe CEF:"} {
		f.Add([]byte(line))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		l := ParseLine(raw)
		for _, d := range l.Deviations {
			if d.Offset < 0 || d.Offset > len(raw) {
				t.Fatalf("%v lies outside of a line of %d bytes", d, len(raw))
			}
		}
		for _, field := range l.CEF.Extension {
			if !bytes.HasPrefix(raw[field.Offset:], append(append([]byte{}, field.Key...), '=')) {
				t.Fatalf("key %q is not at byte %d", field.Key, field.Offset)
			}
			l.CEF.Value(string(field.Key))
		}
		if len(l.Deviations) == 0 && (!utf8.Valid(raw) || control(raw) >= 0 || len(l.ID()) == 0) {
			t.Fatalf("nothing was found wrong with %q", raw)
		}
	})
}

// FuzzCEFRoundTrip escapes any text as CEF does and reads it back.
func FuzzCEFRoundTrip(f *testing.F) {
	for _, text := range []string{"", "a=b", `C:\temp`, "a|b", "one\ntwo\r", "Größe", " x = y ", `\\=\`} {
		f.Add(text, text)
	}
	f.Fuzz(func(t *testing.T, title, msg string) {
		if !utf8.ValidString(title) || !utf8.ValidString(msg) || title == "" || strings.ContainsFunc(title+msg, func(r rune) bool {
			return r < 0x20 && r != '\n' && r != '\r' || r == 0x7f
		}) || strings.ContainsAny(title, "\r\n") {
			t.Skip("not what a line can carry")
		}
		line := strings.Replace(goodLine, "|Log on|", "|"+strings.NewReplacer(`\`, `\\`, `|`, `\|`).Replace(title)+"|", 1)
		value := strings.NewReplacer(`\`, `\\`, `=`, `\=`, "\n", `\n`, "\r", `\r`).Replace(msg)
		line = strings.Replace(line, "msg=Log on ", "msg="+value+" ", 1)
		l := ParseLine([]byte(line))
		if len(l.Deviations) > 0 {
			t.Fatalf("%q: %v", line, l.Deviations)
		}
		if got, _ := l.CEF.Value("msg"); got != msg || l.CEF.Title() != title {
			t.Fatalf("got %q and %q, want %q and %q", l.CEF.Title(), got, title, msg)
		}
	})
}

// FuzzFault reads any text and any JSON as a fault: an error has one line, and
// a fault that is valid is read back as it was.
func FuzzFault(f *testing.F) {
	for _, text := range []string{"reset", "reset after=1 first=2 every=3 for=1m seed=4 unit=bytes", "moved to=a old=swallow", "x", "reset for=x", `{"name":"reset","for":"1m"}`} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		var fromJSON Fault
		if err := json.Unmarshal([]byte(text), &fromJSON); err == nil {
			fromJSON.Validate()
		}
		fault, err := ParseFault(text)
		if err != nil {
			return
		}
		again, err := ParseFault(fault.String())
		if err != nil || again.String() != fault.String() {
			t.Fatalf("%q was read back as %q: %v", fault, again, err)
		}
	})
}
