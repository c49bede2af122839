package simulator

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"siemdrill/fakesyslog"
)

func syslogCommand() command {
	return command{
		summary: "act as the syslog server: misbehave, say what arrived",
		actions: map[string]action{
			"receiver": {"[-framing FRAMING] [-max-size BYTES] [-long-line WHAT]",
				"Restarts the receiver as one of another kind. FRAMING: " + list(slices.Sorted(maps.Keys(framings))) +
					". WHAT it does with a line that is longer: " + list(slices.Sorted(maps.Keys(longLines))) + ".", parseReceiver},
			"fault":      {faultArgs, "Injects a fault. Faults: " + syslogFaultNames() + ".", parseSyslogFault},
			"heal":       {"[FAULT]", "Heals a fault, or all of them.", parseHeal(func(l *Lab) faulty { return l.receiver })},
			"lines":      {"N", "Asserts that lines of exactly N different records have arrived so far.", parseLines},
			"received":   {"TEXT", "Asserts that one of the last thousand lines contains TEXT.", parseReceived},
			"unread":     {"", "Asserts that lines were in the receiver's kernel and never read when a connection was broken.", parseUnread},
			"rejected":   {"", "Asserts that the receiver could make nothing of a message, or only of its beginning.", parseRejected},
			"duplicates": {"-at-most N", "Asserts that at most N lines have arrived again so far.", parseDuplicates},
		},
	}
}

// framings are what a receiver may expect (RFC 6587).
var framings = map[string]fakesyslog.Framing{
	"non-transparent": fakesyslog.NonTransparent,
	"octet-counting":  fakesyslog.OctetCounting,
	"nul":             fakesyslog.NUL,
	"guess":           fakesyslog.Guess,
}

// longLines are what a receiver may do with a line that is too long.
var longLines = map[string]fakesyslog.LongLine{
	"truncate": fakesyslog.TruncateLong,
	"split":    fakesyslog.SplitLong,
	"drop":     fakesyslog.DropLong,
	"close":    fakesyslog.CloseLong,
}

func parseReceiver(w *words) (step, error) {
	framing := w.flags.String("framing", "non-transparent", "")
	longLine := w.flags.String("long-line", "truncate", "")
	var kind receiverKind
	w.flags.IntVar(&kind.MaxSize, "max-size", 0, "")
	err := w.scan()
	var known [2]bool
	kind.Framing, known[0] = framings[*framing]
	kind.LongLine, known[1] = longLines[*longLine]
	switch {
	case err != nil:
	case !known[0]:
		err = fmt.Errorf("unknown framing %q: expected one of: %s", *framing, list(slices.Sorted(maps.Keys(framings))))
	case !known[1]:
		err = fmt.Errorf("-long-line %q: expected one of: %s", *longLine, list(slices.Sorted(maps.Keys(longLines))))
	case kind.MaxSize < 0:
		err = errors.New("-max-size: expected a number of bytes")
	}
	return step{do: func(l *Lab) error { return l.receiver.restart(kind) }}, err
}

func parseLines(w *words) (step, error) {
	n, err := w.number("how many records", 0)
	return step{assert: func(l *Lab) finding {
		got := len(arrivals(l.History.Events()))
		return finding{got == n, fmt.Sprintf("lines of %d records have arrived", got)}
	}}, err
}

func parseReceived(w *words) (step, error) {
	text, err := w.next("a text")
	return step{assert: func(l *Lab) finding {
		lines := l.receiver.lines()
		if len(lines) == 0 {
			return finding{false, "no line was received"}
		}
		for _, line := range lines {
			if strings.Contains(line, text) {
				return finding{true, line}
			}
		}
		return finding{false, fmt.Sprintf("none of the last %d lines; the last: %s", len(lines), lines[len(lines)-1])}
	}}, err
}

func parseUnread(*words) (step, error) {
	return step{assert: func(l *Lab) finding {
		e, ever := lastOf(l.History.Events(), func(e Event) bool { return e.Source == FromSyslog && e.Kind == fakesyslog.KindUnread })
		if !ever {
			return finding{false, "the receiver has read all that it was given"}
		}
		return finding{true, fmt.Sprintf("at %s: %s, %s", e.T.Format("15:04:05"), e.Record, e.Detail)}
	}}, nil
}

func parseRejected(*words) (step, error) {
	return step{assert: func(l *Lab) finding {
		e, ever := lastOf(l.History.Events(), func(e Event) bool {
			return e.Source == FromSyslog && (e.Kind == fakesyslog.KindRejected || e.Kind == fakesyslog.KindTruncated)
		})
		if !ever {
			return finding{false, "the receiver took every message whole"}
		}
		return finding{true, fmt.Sprintf("at %s: %s", e.T.Format("15:04:05"), e.Detail)}
	}}, nil
}

func parseDuplicates(w *words) (step, error) {
	most := w.flags.Int("at-most", -1, "")
	err := w.scan()
	if err == nil && *most < 0 {
		err = errors.New("expected -at-most and a number")
	}
	return step{assert: func(l *Lab) finding {
		got := len(duplicates(l.History.Events()))
		return finding{got <= *most, fmt.Sprintf("%d lines have arrived again", got)}
	}}, err
}
