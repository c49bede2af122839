package simulator

import (
	"strings"
	"time"
)

// NotReached is the verdict of what comes after the command that failed.
const NotReached Verdict = "not reached"

// Phase is a part of a script, as it was played: what the comments above its
// commands say.
type Phase struct {
	Text     string
	Verdict  Verdict // Passed, Failed or NotReached
	From     time.Time
	Commands []PlayedCommand
}

// PlayedCommand is one line of a script, as it was played.
type PlayedCommand struct {
	Line    int    // of the file
	Text    string // as it stands there, a "!" included
	Verdict Verdict
	Asserts bool      // it changes nothing
	At      time.Time // when it began; zero: it was not reached
}

// Phases are the script's, in order, each with what came of it.
func (r Run) Phases() []Phase {
	began := r.beginnings()
	var phases []Phase
	comment, blockEnded := "", true
	for i, line := range strings.Split(string(r.Script.text), "\n") {
		text := strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			if words := strings.TrimSpace(strings.TrimLeft(line, "#")); blockEnded {
				comment = words
			} else {
				comment += " " + words
			}
			blockEnded = false
			continue
		}
		blockEnded = true
		if text == "" || strings.HasPrefix(text, "#") {
			continue
		}
		c := PlayedCommand{Line: i + 1, Text: text, Verdict: NotReached, Asserts: asserts(text)}
		if len(began) > 0 {
			c.At, began, c.Verdict = began[0], began[1:], Passed
		}
		if c.Line == r.Line {
			c.Verdict = Failed
		}
		if len(phases) == 0 || phases[len(phases)-1].Text != comment {
			phases = append(phases, Phase{Text: comment, Verdict: c.Verdict, From: c.At})
		}
		phases[len(phases)-1].add(c)
	}
	return phases
}

// asserts says whether a command, as it stands in a script, changes nothing.
func asserts(text string) bool {
	words := strings.Fields(text)
	if words[0] == "!" || words[0] == "check" {
		return true
	}
	st, err := commands()[words[0]].parse(words[1:])
	return err == nil && st.assert != nil
}

// add puts c last. A phase passed when all of its commands did.
func (p *Phase) add(c PlayedCommand) {
	p.Commands = append(p.Commands, c)
	if c.Verdict == Failed || p.Verdict == Passed && c.Verdict != Passed {
		p.Verdict = c.Verdict
	}
}

// beginnings is when each command that was played began.
func (r Run) beginnings() []time.Time {
	var all []time.Time
	for _, e := range r.Evidence.Events {
		if e.Source == FromScript && e.Kind == KindCommand {
			all = append(all, e.T)
		}
	}
	return all
}
