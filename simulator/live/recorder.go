package live

import (
	"fmt"
	"strings"
	"time"

	"golang.org/x/tools/txtar"

	"siemdrill/simulator"
)

// Line is one that was played: a command, or a comment that begins a part of the
// story.
type Line struct {
	N       int               `json:"n"`    // its number, for good
	Text    string            `json:"text"` // as a script has it; a comment with its "#"
	At      time.Time         `json:"at"`
	Asserts bool              `json:"asserts"`           // it changes nothing, and can be taken out again
	Verdict simulator.Verdict `json:"verdict,omitempty"` // of an assertion
	Found   string            `json:"found,omitempty"`   // what an assertion saw

	after span // that passed since the line before had ended
}

// span is time that passed.
type span struct {
	virtual time.Duration
	real    time.Duration // that an agent had for it which can't be told the time; 0: it is told
}

func (s span) plus(other span) span { return span{s.virtual + other.virtual, s.real + other.real} }

// advance is the command that lets it pass: an agent that had less real time for
// it, by more than a second, is given as much again, in whole seconds.
func (s span) advance() string {
	text := "advance " + short(s.virtual)
	if real := (s.real + time.Second - 1).Truncate(time.Second); real > 0 && real+time.Second < s.virtual {
		text += " -real " + short(real)
	}
	return text + "\n"
}

// Recorder keeps what was played. The zero value has nothing.
type Recorder struct {
	Head []string // comments under the title

	lines  []Line
	last   int  // number of the last line
	passed span // since the last line ended
}

// Pass lets time pass between two lines. Real is what an agent had for it that
// can't be told the time; 0: it is told.
func (r *Recorder) Pass(d, real time.Duration) { r.passed = r.passed.plus(span{d, real}) }

// Add puts a line last and returns its number.
func (r *Recorder) Add(l Line) int {
	r.last++
	l.N, l.after, r.passed = r.last, r.passed, span{}
	r.lines = append(r.lines, l)
	return l.N
}

// Lines are what was played so far.
func (r *Recorder) Lines() []Line { return r.lines[:len(r.lines):len(r.lines)] }

// Remove takes out an assertion or a comment; the time before it stays. Anything
// else has changed the Lab.
func (r *Recorder) Remove(n int) error {
	for i, l := range r.lines {
		switch {
		case l.N != n:
			continue
		case !l.Asserts:
			return fmt.Errorf("line %d, %s, has changed the Lab: only an assertion or a comment can be taken out", n, l.Text)
		case i+1 < len(r.lines):
			r.lines[i+1].after = r.lines[i+1].after.plus(l.after)
		default:
			r.passed = r.passed.plus(l.after)
		}
		r.lines = append(r.lines[:i:i], r.lines[i+1:]...)
		return nil
	}
	return fmt.Errorf("there is no line %d", n)
}

// Failed is the first assertion that did not hold, where a script ends when it
// plays again.
func (r *Recorder) Failed() (Line, bool) {
	for _, l := range r.lines {
		if l.Verdict == simulator.Failed {
			return l, true
		}
	}
	return Line{}, false
}

// Ending is what a script says after what was played.
type Ending struct {
	Comments []string // each a line
	Truths   []string // assertions
}

// Script is what was played, as a file that ParseScript reads: the title, the
// lines with the time between them, the ending and the files.
func (r *Recorder) Script(title string, end Ending, files map[string][]byte) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", oneLine(title))
	for _, line := range r.Head {
		b.WriteString(line + "\n")
	}
	b.WriteString("\n")
	commands, inBlock := false, false // some were written; the last line was a comment of this script
	for _, l := range r.lines {
		if l.after.virtual > 0 {
			b.WriteString(l.after.advance())
			commands, inBlock = true, false
		}
		if isComment(l.Text) && commands && !inBlock {
			b.WriteString("\n")
		}
		b.WriteString(l.Text + "\n")
		commands, inBlock = commands || !isComment(l.Text), isComment(l.Text)
	}
	if r.passed.virtual > 0 {
		b.WriteString(r.passed.advance())
	}
	if len(end.Truths)+len(end.Comments) > 0 {
		b.WriteString("\n")
	}
	for _, c := range end.Comments {
		fmt.Fprintf(&b, "# %s\n", oneLine(c))
	}
	for _, t := range end.Truths {
		b.WriteString(t + "\n")
	}
	archive := txtar.Archive{Comment: []byte(b.String() + "\n")}
	for _, name := range sortedNames(files) {
		archive.Files = append(archive.Files, txtar.File{Name: name, Data: files[name]})
	}
	return txtar.Format(&archive)
}

func isComment(text string) bool { return strings.HasPrefix(text, "#") }

// oneLine is text as a comment may hold it.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
