package fakesyslog

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// scope is what a kind of fault happens to, and so what its Target, First,
// Every and After can mean.
type scope int

const (
	ofConnections scope = iota
	ofListeners
)

// kind is a row of the table of faults.
type kind struct {
	name  string
	scope scope
	does  string // one line for a list of faults
	make  func(*arguments) effect
}

// kinds is the table of faults, in alphabetical order.
var kinds = []kind{
	{"refuse", ofListeners, "closes the listener, so that new connections are refused", newRefuse},
	{"reset", ofConnections, "breaks connections with RST", newReset},
	{"stall", ofConnections, "stops reading, so that the window closes", newStall},
}

// FaultNames lists the faults that Inject knows, in alphabetical order.
func FaultNames() []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = k.name
	}
	return names
}

func (f Fault) kind() (kind, error) {
	for _, k := range kinds {
		if k.name == f.Name {
			return k, nil
		}
	}
	return kind{}, fmt.Errorf("unknown fault %q, expected one of %s", f.Name, strings.Join(FaultNames(), ", "))
}

// Validate says what is wrong with the fault and what was expected.
func (f Fault) Validate() error {
	_, _, err := f.build()
	return err
}

// build makes the fault's effect and says whether After counts bytes.
func (f Fault) build() (effect, bool, error) {
	k, err := f.kind()
	if err != nil {
		return effect{}, false, err
	}
	a := &arguments{args: f.Args}
	inBytes := k.scope == ofConnections && a.choice("unit", "messages", "bytes") == "bytes"
	e := k.make(a)
	if err := errors.Join(f.check(k), a.err()); err != nil {
		return effect{}, false, fmt.Errorf("fault %s: %s", f.Name, strings.ReplaceAll(err.Error(), "\n", "; "))
	}
	return e, inBytes, nil
}

// check finds settings that the kind of fault has no meaning for.
func (f Fault) check(k kind) error {
	var errs []error
	for _, n := range []struct {
		name  string
		value int
	}{{"first", f.First}, {"every", f.Every}, {"after", f.After}} {
		if n.value < 0 {
			errs = append(errs, fmt.Errorf("%s is %d, expected 0 or more", n.name, n.value))
		}
	}
	if f.For < 0 {
		errs = append(errs, fmt.Errorf("for is %s, expected a duration that is not negative", f.For))
	}
	if k.scope == ofListeners {
		if f.First != 0 || f.Every != 0 {
			errs = append(errs, errors.New("first and every choose connections, and it has none to choose: the kernel answers before a connection exists"))
		}
		if f.Target != "" && f.Target != "all" {
			errs = append(errs, fmt.Errorf("target is %q, expected none or all: the kernel answers every client alike", f.Target))
		}
	}
	return errors.Join(errs...)
}

// describe is the fault on one line, for events.
func (f Fault) describe() string {
	var b strings.Builder
	b.WriteString(f.Name)
	add := func(name string, value any, given bool) {
		if given {
			fmt.Fprintf(&b, " %s=%v", name, value)
		}
	}
	add("target", f.Target, f.Target != "")
	add("where", f.Where, f.Where != "")
	add("first", f.First, f.First != 0)
	add("every", f.Every, f.Every != 0)
	add("after", f.After, f.After != 0)
	add("for", f.For, f.For != 0)
	add("seed", f.Seed, f.Seed != 0)
	for _, name := range slices.Sorted(maps.Keys(f.Args)) {
		add(name, f.Args[name], true)
	}
	return b.String()
}
