package load

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

// Fault is a fault of the receiver, or of the service, at a time of a run.
type Fault struct {
	Text    string        // as it was given
	At      time.Duration // from the beginning of the load
	For     time.Duration // 0: to the end of the load
	service *fakecas.Fault
	syslog  *fakesyslog.Fault
}

// ParseFault reads "at 10s stall for 5s": when, which fault with its settings
// and arguments as key=value, and for how long. A fault of the service has cas:
// before its name.
func ParseFault(text string) (Fault, error) {
	f, err := parseFault(strings.Fields(text))
	if err != nil {
		return Fault{}, fmt.Errorf("%q: %w", text, err)
	}
	f.Text = text
	return f, nil
}

func parseFault(words []string) (f Fault, err error) {
	if len(words) < 3 || words[0] != "at" {
		return f, errors.New("expected \"at TIME [cas:]FAULT [KEY=VALUE ...] [for TIME]\"")
	}
	if f.At, err = parseTime(words[1]); err != nil {
		return f, fmt.Errorf("at: %w", err)
	}
	words = words[2:]
	if n := len(words); n >= 3 && words[n-2] == "for" {
		if f.For, err = parseTime(words[n-1]); err != nil {
			return f, fmt.Errorf("for: %w", err)
		}
		words = words[:n-2]
	}
	name, ofService := strings.CutPrefix(words[0], "cas:")
	if !ofService {
		fault, err := fakesyslog.ParseFault(strings.Join(words, " "))
		fault.For = f.For
		f.syslog = &fault
		return f, err
	}
	fault := fakecas.Fault{Name: name, For: f.For}
	for _, word := range words[1:] {
		key, value, ok := strings.Cut(word, "=")
		if !ok {
			return f, fmt.Errorf("%q: expected KEY=VALUE", word)
		}
		if key == "where" {
			fault.Where = value
			continue
		}
		if fault.Args == nil {
			fault.Args = map[string]string{}
		}
		fault.Args[key] = value
	}
	f.service = &fault
	return f, fault.Validate()
}

func parseTime(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q: expected a duration such as 10s", text)
	}
	return d, nil
}

// end is when the fault is healed in a run whose load takes so long.
func (f Fault) end(load time.Duration) time.Duration {
	if f.For == 0 {
		return load
	}
	return f.At + f.For
}

// Window is a part of a run, by its faults.
type Window int

// The windows. An arrival belongs to the one in which it came.
const (
	BeforeFault Window = iota // also the whole of a run without faults
	DuringFault
	AfterFault // from a fault's end to the next one, or to the end
	windows
)

var windowNames = [windows]string{"before fault", "during fault", "after fault"}

func (w Window) String() string { return windowNames[w] }

// windowAt says in which window a time of the run lies.
func windowAt(faults []Fault, at, load time.Duration) Window {
	window := BeforeFault
	for _, f := range faults {
		switch {
		case at >= f.At && at < f.end(load):
			return DuringFault
		case at >= f.end(load):
			window = AfterFault
		}
	}
	return window
}
