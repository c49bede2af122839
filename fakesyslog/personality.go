package fakesyslog

import (
	_ "embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

//go:embed personalities.txt
var personalities string

// Trait is one habit of a receiver and where it was taken from.
type Trait struct {
	Name, Value, Source string
}

// Assumed says that nobody has checked the trait.
func (t Trait) Assumed() bool { return strings.HasPrefix(t.Source, "assumed") }

// Personality is a preset that makes a server treat lines as a product does.
type Personality struct {
	Name   string
	Traits []Trait
}

// Personalities lists the presets.
func Personalities() []Personality {
	var all []Personality
	for _, line := range strings.Split(personalities, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		cells := strings.SplitN(line, "|", 4)
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if n := len(all); n == 0 || all[n-1].Name != cells[0] {
			all = append(all, Personality{Name: cells[0]})
		}
		p := &all[len(all)-1]
		p.Traits = append(p.Traits, Trait{cells[1], cells[2], cells[3]})
	}
	return all
}

// PersonalityNamed returns a preset.
func PersonalityNamed(name string) (Personality, error) {
	all := Personalities()
	i := slices.IndexFunc(all, func(p Personality) bool { return p.Name == name })
	if i >= 0 {
		return all[i], nil
	}
	names := make([]string, len(all))
	for i, p := range all {
		names[i] = p.Name
	}
	return Personality{}, fmt.Errorf("unknown personality %q, expected one of %s", name, strings.Join(names, ", "))
}

// Apply sets the fields of a server that has not been started.
func (p Personality) Apply(s *Server) error {
	for _, t := range p.Traits {
		if err := t.apply(s); err != nil {
			return fmt.Errorf("personality %s: %w", p.Name, err)
		}
	}
	return nil
}

var hostNames = []string{"optional", "required"}
var controlNames = []string{"reject", "escape", "keep"}
var longLineNames = []string{"truncate", "split", "drop", "close"}
var malformedNames = []string{"reject", "take", "close"}

func (t Trait) apply(s *Server) error {
	var err error
	switch t.Name {
	case "framing":
		s.Framing, err = ParseFraming(t.Value)
	case "max-size":
		s.MaxSize, err = strconv.Atoi(t.Value)
	case "long-line":
		s.LongLine, err = named[LongLine](longLineNames, t.Value)
	case "host":
		var host int
		host, err = named[int](hostNames, t.Value)
		s.NeedHost = host == 1
	case "control":
		var control int
		control, err = named[int](controlNames, t.Value)
		s.EscapeControl, s.KeepControl = control == 1, control == 2
	case "malformed":
		s.Malformed, err = named[Malformed](malformedNames, t.Value)
	default:
		err = fmt.Errorf("unknown trait %q", t.Name)
	}
	return err
}

// ParseFraming reads the name of a framing as its String writes it.
func ParseFraming(name string) (Framing, error) { return named[Framing](framingNames, name) }

// named is the value whose name stands at its place in names.
func named[T ~int](names []string, name string) (T, error) {
	i := slices.Index(names, name)
	if i < 0 {
		return 0, fmt.Errorf("%q, expected one of %s", name, strings.Join(names, ", "))
	}
	return T(i), nil
}
