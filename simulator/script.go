package simulator

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/txtar"
	"rsc.io/script"
)

// FileError is what is wrong with a script, and where.
type FileError struct {
	File   string
	Line   int // from 1; 0: the file as a whole
	Reason string
}

func (e *FileError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("%s: %s", e.File, e.Reason)
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Reason)
}

// Script is a scenario's file: commands, and the files that follow them.
type Script struct {
	ID     string   // the file's name without its extension
	Title  string   // its first comment line
	Shows  []string // ids of the documented messages that it shows ("# Shows: …" under the title)
	Faults []string // numbers of the faults in the field that it shows ("# Faults: …" under the title)
	File   string   // as named by who asked for it

	text  []byte
	files map[string][]byte

	features map[feature]bool // that it uses and not every runner has
	lasts    time.Duration    // that it lets pass, as far as that is known before
	steps    []step           // its commands, in order
}

// ParseScript reads a script whole and finds every mistake in it that can be
// found without playing it: an unknown command, action, flag or fault, a bad
// duration, a file that is named and missing. Every error is a *FileError.
func ParseScript(file string, data []byte) (*Script, error) {
	archive := txtar.Parse(data)
	base := filepath.Base(file)
	s := &Script{
		ID:    strings.TrimSuffix(base, filepath.Ext(base)),
		File:  file,
		text:  archive.Comment,
		files: map[string][]byte{},

		features: map[feature]bool{},
	}
	for _, f := range archive.Files {
		if _, twice := s.files[f.Name]; twice {
			return nil, s.wrong(0, "the file %s stands in it twice", f.Name)
		}
		s.files[f.Name] = f.Data
	}
	s.Title = title(s.text)
	if s.Title == "" {
		return nil, s.wrong(1, "expected a comment: the scenario's title")
	}
	if err := s.readHeader(); err != nil {
		return nil, err
	}
	if err := s.validate(); err != nil {
		return nil, err
	}
	return s, nil
}

// title is the first line of text, if it is a comment.
func title(text []byte) string {
	line, _, _ := strings.Cut(string(text), "\n")
	if !strings.HasPrefix(line, "#") {
		return ""
	}
	return strings.TrimSpace(strings.TrimLeft(line, "#"))
}

// readHeader reads the comment lines under the title that say what it shows.
func (s *Script) readHeader() error {
	words := func(line string) []string {
		return strings.FieldsFunc(line, func(r rune) bool { return r == ',' || r == ' ' })
	}
	for i, line := range strings.Split(string(s.text), "\n") {
		if !strings.HasPrefix(line, "#") {
			break
		}
		line = strings.TrimSpace(strings.TrimLeft(line, "#"))
		if shows, ok := strings.CutPrefix(line, "Shows:"); ok {
			s.Shows = words(shows)
		}
		if faults, ok := strings.CutPrefix(line, "Faults:"); ok {
			s.Faults = words(faults)
		}
		for _, id := range s.Shows {
			if !slices.ContainsFunc(Messages(), func(m Message) bool { return m.ID == id }) {
				return s.wrong(i+1, "Shows: %q is no id of a documented message", id)
			}
		}
		for _, number := range s.Faults {
			if !slices.ContainsFunc(FieldFaults(), func(f FieldFault) bool { return f.Number == number }) {
				return s.wrong(i+1, "Faults: %q is no number of a fault in the field", number)
			}
		}
	}
	return nil
}

func (s *Script) wrong(line int, format string, args ...any) *FileError {
	return &FileError{File: s.File, Line: line, Reason: fmt.Sprintf(format, args...)}
}

// negated stands for "!" while a script is validated.
const negated = "(not)"

// validate plays the script with an engine whose commands only read their
// arguments. A "!" would hide a mistake there, so it becomes a command of its
// own that asks whether the action may be negated.
func (s *Script) validate() error {
	var plain bytes.Buffer
	for i, line := range strings.Split(string(s.text), "\n") {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch {
		case word == "?" || strings.HasPrefix(word, "?"):
			return s.wrong(i+1, "a command with ? may fail or not, so it says nothing: not allowed")
		case word == negated:
			return s.wrong(i+1, "%v", unknownCommand(word))
		case word == "!":
			line = negated + " " + rest
		}
		plain.WriteString(line + "\n")
	}
	cmds := map[string]script.Cmd{}
	for name, c := range commands() {
		cmds[name] = readOnly{s, name, c.usage(), c.parse}
	}
	cmds[negated] = readOnly{s, negated, &script.CmdUsage{}, parseNegated}
	return s.execute(&script.Engine{Cmds: cmds}, &plain, s.fileError)
}

func parseNegated(args []string) (step, error) {
	if len(args) == 0 {
		return step{}, errors.New("expected a command after it")
	}
	c, ok := commands()[args[0]]
	if !ok {
		return step{}, unknownCommand(args[0])
	}
	st, err := c.parse(args[1:])
	if err == nil && st.assert == nil {
		err = errors.New("! is for assertions only, this is an action")
	}
	return st, err
}

// fileError turns what an engine says into a FileError.
func (s *Script) fileError(err error) error {
	var c *script.CommandError
	if !errors.As(err, &c) {
		reason := strings.TrimPrefix(err.Error(), s.File+":")
		var line int
		if _, scanErr := fmt.Sscanf(reason, "%d:", &line); scanErr == nil {
			_, reason, _ = strings.Cut(reason, ": ")
		}
		return s.wrong(line, "%s", reason)
	}
	words := append([]string{c.Op}, c.Args...)
	if c.Op == negated {
		words[0] = "!"
	}
	if c.Err.Error() == "unknown command" {
		return s.wrong(c.Line, "%v", unknownCommand(c.Op))
	}
	return s.wrong(c.Line, "%s: %v", strings.Join(words, " "), c.Err)
}

// execute runs text with the engine; the line numbers are the file's own.
func (s *Script) execute(engine *script.Engine, text io.Reader, explain func(error) error) error {
	state, err := script.NewState(context.Background(), ".", []string{"PWD="})
	if err != nil {
		return err
	}
	defer state.CloseAndWait(io.Discard)
	if err := engine.Execute(state, s.File, bufio.NewReader(text), io.Discard); err != nil {
		return explain(err)
	}
	return nil
}

// readOnly is a command that reads its arguments and does nothing.
type readOnly struct {
	script *Script
	name   string
	use    *script.CmdUsage
	parse  func(args []string) (step, error)
}

func (r readOnly) Usage() *script.CmdUsage { return r.use }

func (r readOnly) Run(_ *script.State, args ...string) (script.WaitFunc, error) {
	st, err := r.parse(args)
	if st.uses != "" {
		r.script.features[st.uses] = true
	}
	r.script.asks(r.name, args)
	r.script.lasts += st.lasts
	r.script.steps = append(r.script.steps, st)
	if err != nil || st.needs == "" {
		return nil, err
	}
	data, there := r.script.files[st.needs]
	if !there {
		return nil, fmt.Errorf("the file %s is missing: expected it after the commands, under a line \"-- %s --\"", st.needs, st.needs)
	}
	if st.reads != nil {
		err = st.reads(st.needs, data)
	}
	return nil, err
}

// asks notes what an action needs of a runner. Of check it is each of its checkers.
func (s *Script) asks(command string, args []string) {
	if command == negated && len(args) > 0 {
		command, args = args[0], args[1:]
	}
	if command != "check" {
		args = args[:min(len(args), 1)]
	}
	for _, word := range args {
		s.features[feature(command+" "+word)] = true
	}
}

func unknownCommand(name string) error {
	return fmt.Errorf("unknown command %q: expected one of: %s", name, strings.Join(slices.Sorted(maps.Keys(commands())), ", "))
}

// line is the number of the line of the nth command, from 1. A script has no
// conditions and no loops, so its commands play in the order of its lines.
func (s *Script) line(n int) int {
	for i, line := range strings.Split(string(s.text), "\n") {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			n--
		}
		if n == 0 {
			return i + 1
		}
	}
	return 0
}

// phase is what the comments above line number n say: the last block of them.
func (s *Script) phase(n int) string {
	lines := strings.Split(string(s.text), "\n")
	n = min(n, len(lines))
	for n > 0 && !strings.HasPrefix(lines[n-1], "#") {
		n--
	}
	end := n
	for n > 0 && strings.HasPrefix(lines[n-1], "#") {
		n--
	}
	var words []string
	for _, line := range lines[n:end] {
		words = append(words, strings.TrimSpace(strings.TrimLeft(line, "#")))
	}
	return strings.Join(words, " ")
}

// WriteReference writes the reference of the commands that a script may use, or
// of those named. It is the same text that the engine has.
func WriteReference(w io.Writer, names ...string) error {
	engine := &script.Engine{Cmds: map[string]script.Cmd{}}
	for name, c := range commands() {
		engine.Cmds[name] = readOnly{use: c.usage()}
	}
	for _, name := range names {
		if engine.Cmds[name] == nil {
			return unknownCommand(name)
		}
	}
	return engine.ListCmds(w, true, names...)
}
