package simulator

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Draft makes a scenario of a log: the faults that it suspects, with the times
// between them, each beside the line that it went by. The log may be the
// agent's own, or any text with documented messages of the console or the
// portal in it. The draft is a guess for a person to correct, but it is a whole
// script, which ParseScript accepts. name is what the draft calls the log.
//
// It is an error if no line points to anything.
func Draft(name string, log []byte) ([]byte, error) {
	d := draft{now: map[side]suspicion{}, finder: newMessageFinder()}
	var at time.Time
	for i, line := range strings.Split(string(log), "\n") {
		if t, found := lineTime(line, at); found {
			at = t
		}
		d.read(clue{number: i + 1, text: line, at: at})
	}
	d.dropStop()
	if len(d.turns) == 0 {
		return nil, fmt.Errorf("%s: no line of it points to a fault: expected a log of the agent, or messages of its console or of the portal", name)
	}
	return d.script(name), nil
}

// clue is a line of a log.
type clue struct {
	number int
	text   string
	at     time.Time // its own, or that of the line before; zero: none has one
}

// after is the time from another line to this one; long if it is not known.
func (c clue) after(before clue) time.Duration {
	if c.at.IsZero() || before.at.IsZero() {
		return mostWait
	}
	return c.at.Sub(before.at)
}

const (
	blink   = 5 * time.Second // what lasts less is not worth a turn
	flutter = 2 * time.Minute // what ends and begins within it goes on
)

// turn is something that ends or begins, by a line of the log.
type turn struct {
	clue   clue
	ends   []suspicion
	begins suspicion // of no name: nothing begins
	shows  []string  // ids of the messages that its lines have
	more   int       // lines after it that say the same
	until  time.Time // the last of them
}

// draft collects what the lines of a log point to, in their order. On each side
// one fault is suspected at a time: the one that was seen last.
type draft struct {
	turns  []turn
	now    map[side]suspicion
	left   int // turns left out
	finder *messageFinder
}

// mostTurns is how many turns a draft has: a log that goes up and down all
// night is no scenario.
const mostTurns = 40

func (d *draft) read(c clue) {
	if at, over := recovery(c.text); over {
		d.recover(c, at)
		return
	}
	messages := d.finder.in(c.text)
	s, found := suspect(c.text, messages)
	if !found {
		return
	}
	d.reopen(c, s)
	before, lasts := d.now[s.side]
	if lasts && (before.name == s.name || s.vague) && !later(s, d.turns[len(d.turns)-1]) {
		last := &d.turns[len(d.turns)-1]
		last.more++
		last.until = c.at
		last.shows = union(last.shows, messages)
		return
	}
	if len(d.turns) == mostTurns {
		d.left++
		return
	}
	t := turn{clue: c, begins: s, shows: messages}
	switch {
	case lasts && before.name == s.name:
		t.begins.begin = nil // it goes on, until it shows in another way
	case lasts:
		t.ends = append(t.ends, before)
	}
	if gone, is := d.now[atAgent]; is && s.side != atAgent { // whatever comes now, it runs again
		t.ends = append(t.ends, gone)
		delete(d.now, atAgent)
	}
	d.now[s.side] = s
	d.turns = append(d.turns, t)
}

// later says whether s shows in a way that the last turn can't have shown yet.
func later(s suspicion, last turn) bool {
	return last.begins.name == s.name && s.lasts > last.begins.lasts && !slices.Equal(s.shown, last.begins.shown)
}

// recover ends what lasts on one side.
func (d *draft) recover(c clue, at side) {
	s, lasts := d.now[at]
	if !lasts || len(d.turns) == mostTurns {
		return
	}
	delete(d.now, at)
	if last := &d.turns[len(d.turns)-1]; last.begins.side == at && len(last.ends) > 0 && c.after(last.clue) < blink {
		*last = turn{clue: c, ends: last.ends} // what it replaced just ended in another way
		return
	}
	d.turns = append(d.turns, turn{clue: c, ends: []suspicion{s}})
}

// reopen takes the end of a fault back if it is suspected again soon after: it
// only came and went.
func (d *draft) reopen(c clue, s suspicion) {
	if len(d.turns) == 0 {
		return
	}
	last := d.turns[len(d.turns)-1]
	if last.begins.name == "" && last.ends[0].name == s.name && c.after(last.clue) < flutter {
		d.turns = d.turns[:len(d.turns)-1]
		d.now[s.side] = last.ends[0]
	}
}

// dropStop drops an agent's stop that nothing came after.
func (d *draft) dropStop() {
	if n := len(d.turns); n > 0 && d.turns[n-1].begins.plain {
		d.turns = d.turns[:n-1]
		delete(d.now, atAgent)
	}
}

// union is a, and what it lacks of b.
func union(a, b []string) []string {
	for _, s := range b {
		if !slices.Contains(a, s) {
			a = append(a[:len(a):len(a)], s)
		}
	}
	return a
}
