package fakecas

import (
	"fmt"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"time"
)

// arguments reads a fault's attributes. The first error is kept for check.
type arguments struct {
	given map[string]string
	seed  uint64
	err   error
}

func (a *arguments) fail(name, expected string) {
	if a.err == nil {
		a.err = fmt.Errorf("%s: %q: expected %s", name, a.given[name], expected)
	}
}

func (a *arguments) text(name, fallback string) string {
	if v, ok := a.given[name]; ok {
		return v
	}
	return fallback
}

// choice is a text that must be one of the options; the first is the fallback.
func (a *arguments) choice(name string, options ...string) string {
	v := a.text(name, options[0])
	if !slices.Contains(options, v) {
		a.fail(name, strings.Join(options, " or "))
	}
	return v
}

func (a *arguments) number(name string, fallback, least, most int) int {
	v, ok := a.given[name]
	if !ok {
		return fallback
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		a.fail(name, fmt.Sprintf("a whole number from %d to %d", least, most))
	}
	return n
}

func (a *arguments) duration(name string, fallback time.Duration) time.Duration {
	v, ok := a.given[name]
	if !ok {
		return fallback
	}
	d, err := time.ParseDuration(v)
	if err != nil || d < 0 {
		a.fail(name, "a duration such as 30s or 2h")
	}
	return d
}

// address is a host and a port, and has no fallback.
func (a *arguments) address(name string) string {
	v := a.given[name]
	if _, _, err := net.SplitHostPort(v); err != nil {
		a.fail(name, "an address such as 192.0.2.1:443")
	}
	return v
}

// check returns the first error, or one about an argument that isn't known.
func (a *arguments) check(known []FaultArg) error {
	var names []string
	for _, k := range known {
		names = append(names, k.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(a.given)) {
		if slices.Contains(names, name) {
			continue
		}
		if len(names) == 0 {
			return fmt.Errorf("argument %q: unknown; it takes none", name)
		}
		return fmt.Errorf("argument %q: unknown; expected one of %s", name, strings.Join(names, ", "))
	}
	return a.err
}
