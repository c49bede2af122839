package simulator

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

func advanceCommand() command {
	return command{
		summary: "let virtual time pass",
		actions: map[string]action{"": {
			args: "DURATION [-real DURATION] [-until arrived|hit] | -to INSTANT",
			summary: "Lets DURATION pass (10m, 2h30m), or all the time until INSTANT, and then whatever is due at that time. " +
				"INSTANT is +2h (since the script began), contact+2h (since the last contact that the portal counted) or an RFC 3339 time. " +
				"-real is how long, in real time, an agent that can't be told the time is given for it: as long as it takes, if it is absent; " +
				"with -until no longer than until every record that is due has arrived, or every fault has hit something.",
			parse: parseAdvance,
		}},
	}
}

func parseAdvance(w *words) (step, error) {
	to := w.flags.String("to", "", "")
	var real durationFlag
	w.flags.Var(&real, "real", "")
	until := w.flags.String("until", "", "")
	word, err := w.next("a duration such as 10m, or -to and an instant")
	if *to == "" {
		if err != nil {
			return step{}, err
		}
		d, err := parseDuration(word)
		wanted, known := waits[*until]
		if err == nil && !known && *until != "" {
			err = fmt.Errorf("-until %q: expected one of: %s", *until, list(slices.Sorted(maps.Keys(waits))))
		}
		return step{lasts: d, real: time.Duration(real), do: func(l *Lab) error {
			if wanted != nil {
				return l.AdvanceUntil(d, time.Duration(real), wanted)
			}
			return l.AdvanceWithin(d, time.Duration(real))
		}}, err
	}
	if err == nil {
		return step{}, fmt.Errorf("unexpected %q beside -to", word)
	}
	if *until != "" {
		return step{}, errors.New("unexpected -until beside -to")
	}
	at, err := parseInstant(*to)
	if err != nil {
		return step{}, err
	}
	return step{to: at, do: func(l *Lab) error {
		t, err := at(l)
		if err != nil {
			return err
		}
		return l.AdvanceTo(t)
	}}, nil
}

// waits is what an advance in real time may wait for.
var waits = map[string]func(l *Lab, end time.Time) func() bool{"arrived": untilArrived, "hit": untilHit}

// parseDuration reads a duration of zero or more, as Go writes it.
func parseDuration(word string) (time.Duration, error) {
	d, err := time.ParseDuration(word)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is no duration: expected one such as 90s, 10m or 2h30m", word)
	}
	return d, nil
}

// durationFlag is a flag that takes what parseDuration does.
type durationFlag time.Duration

func (d *durationFlag) String() string { return time.Duration(*d).String() }

func (d *durationFlag) Set(word string) error {
	v, err := parseDuration(word)
	*d = durationFlag(v)
	return err
}

// An instant is a time that is known once a Lab plays.
type instant func(*Lab) (time.Time, error)

// parseInstant reads +2h, contact+2h or an RFC 3339 time.
func parseInstant(word string) (instant, error) {
	if t, err := time.Parse(time.RFC3339, word); err == nil {
		return func(*Lab) (time.Time, error) { return t, nil }, nil
	}
	base, after, found := strings.Cut(word, "+")
	d, err := parseDuration(after)
	if !found || err != nil || base != "" && base != "contact" {
		return nil, fmt.Errorf("%q is no instant: expected +2h, contact+2h or an RFC 3339 time", word)
	}
	return func(l *Lab) (time.Time, error) {
		if base == "" {
			return l.Start.Add(d), nil
		}
		last := l.LastContact(defaultAgent)
		if last.IsZero() {
			return last, errors.New("the agent has not made contact yet")
		}
		return last.Add(d), nil
	}, nil
}
