package simulator

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"rsc.io/script"

	"siemdrill/fakesyslog"
)

// Run is everything that was seen while a script was played: what a report is
// made of.
type Run struct {
	Result Result
	Script *Script
	Line   int // of the command that failed; 0: none did, or the harness's own check
	Start  time.Time

	Evidence Evidence           // as of the end
	Places   []fakesyslog.Entry // where the receiver saw each message, in order
	Lines    []string           // the last ones that the receiver took, raw
}

// Repeat is the command that plays the same again, quoted for a POSIX shell.
func (r Run) Repeat() string {
	return fmt.Sprintf("go run ./simulator/cmd/simulator run -seed %d %s", r.Result.Seed, shellQuote(r.Script.File))
}

// shellQuote makes one word of s for a POSIX shell.
func shellQuote(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("_./-", r)
	}
	if s != "" && s[0] != '-' && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	if strings.HasPrefix(s, "-") { // else it would be read as a flag
		s = "./" + s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// failedLine is the line of the command that failed; 0: it was none.
func failedLine(err error) int {
	var c *script.CommandError
	if errors.As(err, &c) {
		return c.Line
	}
	return 0
}

// see takes over what the Lab has seen so far.
func (r *Run) see(l *Lab) {
	r.Start = l.Start
	r.Evidence = l.evidence()
	r.Places = l.receiver.arrivals()
	r.Lines = l.receiver.lines()
}

// Hold is a time in which the agent should not have pulled.
type Hold struct {
	Notification string // that began it
	From, Until  time.Time
	Pulled       bool // it pulled nevertheless, which is where the Hold ends
}

// Holds is when the agent was held, as seen from outside: from the beginning of
// a data server notification until the receiver was reached again.
func (r Run) Holds() []Hold {
	var holds []Hold
	for _, n := range r.Evidence.Notifications {
		if holdsPulling(n.ID) {
			until, _, pulled := hold(r.Evidence, n.Since)
			holds = append(holds, Hold{string(n.ID), n.Since, until, pulled != nil})
		}
	}
	return holds
}
