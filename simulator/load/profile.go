package load

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Profile says how many activities a second are created as a run goes on. The
// zero value creates none.
type Profile struct {
	// Max is as fast as the forwarder goes: a backlog of Ahead records is kept
	// up. That is a closed model, in which ages say how long the backlog is.
	Max  bool
	legs []leg // of equal length
}

// Ahead is the backlog that a Profile with Max keeps up.
const Ahead = 100_000

// leg is a part of a run in which the rate changes evenly.
type leg struct{ from, to float64 } // activities a second

// ParseProfile reads a rate: activities a second, "max", "FROM..TO" (a ramp) or
// "A,B,C" (steps of equal length).
func ParseProfile(text string) (Profile, error) {
	wrong := func() (Profile, error) {
		return Profile{}, fmt.Errorf("%q: expected activities a second, FROM..TO, A,B,C or max", text)
	}
	if text == "max" {
		return Profile{Max: true}, nil
	}
	if from, to, ok := strings.Cut(text, ".."); ok {
		a, errA := parseRate(from)
		b, errB := parseRate(to)
		if errors.Join(errA, errB) != nil {
			return wrong()
		}
		return Profile{legs: []leg{{a, b}}}, nil
	}
	var p Profile
	for step := range strings.SplitSeq(text, ",") {
		rate, err := parseRate(step)
		if err != nil {
			return wrong()
		}
		p.legs = append(p.legs, leg{rate, rate})
	}
	return p, nil
}

func parseRate(text string) (float64, error) {
	rate, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err == nil && !(rate >= 0 && rate <= 1e9) {
		err = strconv.ErrRange
	}
	return rate, err
}

// Due returns how many activities there must be at a time of a run that takes
// over. It never falls as at grows, and is whole only by chance.
func (p Profile) Due(at, over time.Duration) float64 {
	due := 0.0
	length := over.Seconds() / float64(len(p.legs))
	left := min(at, over).Seconds()
	for _, l := range p.legs {
		t := min(left, length)
		if t <= 0 {
			break
		}
		due += l.from*t + (l.to-l.from)*t*t/(2*length)
		left -= length
	}
	return due
}

// Share returns the profile of one of n that make it up together.
func (p Profile) Share(n int) Profile {
	share := Profile{Max: p.Max}
	for _, l := range p.legs {
		share.legs = append(share.legs, leg{l.from / float64(n), l.to / float64(n)})
	}
	return share
}
