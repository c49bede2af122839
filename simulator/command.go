package simulator

import (
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"rsc.io/script"
)

// A command is one word that may begin a line of a script: it has actions (or,
// like advance, is one itself). The commands are the table in commands.
type command struct {
	summary string
	actions map[string]action // by name; "" for a command without actions
}

// An action is one thing that a command does or asserts.
type action struct {
	args    string // synopsis, as in a usage line
	summary string // a sentence
	// parse reads the words after the action's name, without a Lab, so that a
	// whole script is known to be right before any of it plays.
	parse func(words *words) (step, error)
}

// A step is an action with its arguments: either do or assert is set.
type step struct {
	do     func(*Lab) error
	assert func(*Lab) finding
	lasts  time.Duration                        // that it lets pass
	real   time.Duration                        // within which it should, where an agent can't be told the time; 0: as long
	to     instant                              // until which it lets time pass; may be nil
	uses   feature                              // what not every runner can do, if any
	needs  string                               // the file of the script that it reads, if any
	reads  func(name string, data []byte) error // says what is wrong with that file; may be nil
}

// A finding is what an assertion saw: whether it holds, and what was there.
type finding struct {
	holds bool
	found string
}

// commands is every command that a script may use: no shell, so that a
// stranger's file can't run a program.
func commands() map[string]command {
	return map[string]command{
		"advance": advanceCommand(),
		"agent":   agentCommand(),
		"cas":     casCommand(),
		"check":   checkCommand(),
		"network": networkCommand(),
		"machine": machineCommand(),
		"portal":  portalCommand(),
		"proxy":   proxyCommand(),
		"syslog":  syslogCommand(),
	}
}

// parse finds the action that args name and lets it read the rest.
func (c command) parse(args []string) (step, error) {
	if a, ok := c.actions[""]; ok {
		return a.read(args)
	}
	known := strings.Join(slices.Sorted(maps.Keys(c.actions)), ", ")
	if len(args) == 0 {
		return step{}, fmt.Errorf("expected one of: %s", known)
	}
	a, ok := c.actions[args[0]]
	if !ok {
		return step{}, fmt.Errorf("unknown action %q: expected one of: %s", args[0], known)
	}
	return a.read(args[1:])
}

func (a action) read(args []string) (step, error) {
	w := newWords(args)
	s, err := a.parse(w)
	if err == nil {
		err = w.done()
	}
	if err != nil {
		return step{}, fmt.Errorf("%w (usage: %s)", err, strings.TrimSpace(a.args))
	}
	return s, nil
}

// usage is the reference of a command, the same for the engine and for help.
func (c command) usage() *script.CmdUsage {
	u := &script.CmdUsage{Summary: c.summary, Args: "ACTION [ARGUMENT ...]"}
	for _, name := range slices.Sorted(maps.Keys(c.actions)) {
		a := c.actions[name]
		if name == "" {
			u.Args = a.args
			u.Detail = append(u.Detail, a.summary)
			continue
		}
		u.Detail = append(u.Detail, strings.TrimSpace(name+" "+a.args), a.summary, "")
	}
	return u
}

// words are the arguments of an action, of which flags and positional ones may
// stand in any order. Declare the flags, then take the positional ones.
type words struct {
	flags      *flag.FlagSet
	args       []string
	positional []string
	scanned    bool
	err        error
}

func newWords(args []string) *words {
	f := flag.NewFlagSet("", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Usage = func() {}
	return &words{flags: f, args: args}
}

// scan reads the flags; what is not a flag is positional.
func (w *words) scan() error {
	if w.scanned {
		return w.err
	}
	w.scanned = true
	for rest := w.args; len(rest) > 0; {
		if err := w.flags.Parse(rest); err != nil {
			name, unknown := strings.CutPrefix(err.Error(), "flag provided but not defined: ")
			if w.err = err; unknown {
				w.err = fmt.Errorf("unknown flag %s", name)
			}
			return w.err
		}
		if rest = w.flags.Args(); len(rest) > 0 {
			w.positional, rest = append(w.positional, rest[0]), rest[1:]
		}
	}
	return nil
}

// next takes one positional argument; what names it for the error.
func (w *words) next(what string) (string, error) {
	if err := w.scan(); err != nil {
		return "", err
	}
	if len(w.positional) == 0 {
		return "", fmt.Errorf("expected %s", what)
	}
	word := w.positional[0]
	w.positional = w.positional[1:]
	return word, nil
}

// number takes one positional argument, a whole number of at least least.
func (w *words) number(what string, least int) (int, error) {
	word, err := w.next(what)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(word)
	if err != nil || n < least {
		return 0, fmt.Errorf("%q: expected %s, a whole number of at least %d", word, what, least)
	}
	return n, nil
}

// rest takes all positional arguments that are left.
func (w *words) rest() ([]string, error) {
	err := w.scan()
	all := w.positional
	w.positional = nil
	return all, err
}

// done says whether anything was left over.
func (w *words) done() error {
	left, err := w.rest()
	if err == nil && len(left) > 0 {
		err = fmt.Errorf("unexpected %q", left[0])
	}
	return err
}
