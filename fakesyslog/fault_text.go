package fakesyslog

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// ParseFault reads a fault as a command line has it: its name, then settings
// and arguments as key=value, with spaces between them:
//
//	reset after=100 first=2 unit=bytes
//
// The fault is valid if err is nil.
func ParseFault(text string) (Fault, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return Fault{}, fmt.Errorf("an empty fault, expected one of %s", strings.Join(FaultNames(), ", "))
	}
	f := Fault{Name: words[0]}
	for _, word := range words[1:] {
		key, value, ok := strings.Cut(word, "=")
		if !ok {
			return Fault{}, fmt.Errorf("fault %s: %q, expected key=value", f.Name, word)
		}
		if err := f.set(key, value); err != nil {
			return Fault{}, fmt.Errorf("fault %s: %w", f.Name, err)
		}
	}
	return f, f.Validate()
}

func (f *Fault) set(key, value string) (err error) {
	expected := "a number"
	switch key {
	case "id":
		f.ID = value
	case "target":
		f.Target = value
	case "where":
		f.Where = value
	case "first":
		f.First, err = strconv.Atoi(value)
	case "every":
		f.Every, err = strconv.Atoi(value)
	case "after":
		f.After, err = strconv.Atoi(value)
	case "seed":
		f.Seed, err = strconv.ParseUint(value, 10, 64)
	case "for":
		expected = "a duration such as 90s"
		f.For, err = time.ParseDuration(value)
	default:
		if f.Args == nil {
			f.Args = map[string]string{}
		}
		f.Args[key] = value
	}
	if err != nil {
		return fmt.Errorf("%s is %q, expected %s", key, value, expected)
	}
	return nil
}
