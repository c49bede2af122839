package fakesyslog

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// arguments reads a fault's Args by name and remembers what was wrong.
type arguments struct {
	args  map[string]string
	known []string
	errs  []error
}

func (a *arguments) get(name string) (string, bool) {
	a.known = append(a.known, name)
	v, ok := a.args[name]
	return v, ok
}

func (a *arguments) wrong(name, value, expected string) {
	a.errs = append(a.errs, fmt.Errorf("argument %s is %q, expected %s", name, value, expected))
}

func (a *arguments) yes(name string) bool {
	v, ok := a.get(name)
	if !ok {
		return false
	}
	b, err := strconv.ParseBool(v)
	if err != nil {
		a.wrong(name, v, "true or false")
	}
	return b
}

func (a *arguments) number(name string, otherwise, least, most int) int {
	v, ok := a.get(name)
	if !ok {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil || n < least || n > most {
		a.wrong(name, v, fmt.Sprintf("a number from %d to %d", least, most))
		return otherwise
	}
	return n
}

func (a *arguments) duration(name string, otherwise time.Duration) time.Duration {
	v, ok := a.get(name)
	if !ok {
		return otherwise
	}
	d, err := time.ParseDuration(v)
	if err != nil || d < 0 {
		a.wrong(name, v, "a duration such as 1s500ms")
		return otherwise
	}
	return d
}

// choice returns one of the words; the first is taken when none is given.
func (a *arguments) choice(name string, words ...string) string {
	v, ok := a.get(name)
	if !ok {
		return words[0]
	}
	if !slices.Contains(words, v) {
		a.wrong(name, v, "one of "+strings.Join(words, ", "))
		return words[0]
	}
	return v
}

// err is everything that was wrong, arguments that nobody asked for included.
func (a *arguments) err() error {
	errs := a.errs
	for _, name := range slices.Sorted(maps.Keys(a.args)) {
		if slices.Contains(a.known, name) {
			continue
		}
		expected := "none"
		if len(a.known) > 0 {
			expected = strings.Join(a.known, ", ")
		}
		errs = append(errs, fmt.Errorf("unknown argument %s, expected %s", name, expected))
	}
	return errors.Join(errs...)
}
