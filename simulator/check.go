package simulator

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"siemdrill/fakecas"
)

// Evidence is what a checker judges by.
type Evidence struct {
	Events        []Event
	Ledger        []Entry                // what the tenant holds, in order of creation
	Notifications []fakecas.Notification // all that the portal has shown, open and resolved
	Only          string                 // if not empty, the type of the records that are due
	Fed           time.Time              // since when a plain forwarder is fed, which makes no contact; zero: there is none
	Now           time.Time              // when the check is made
}

// Entry is a record of the tenant's ledger: it should arrive.
type Entry struct {
	ID      string
	Type    string // activity or alert
	Created time.Time
}

// A Checker is a pure function from what was seen to a verdict. It judges by
// identity, never by count.
type Checker func(Evidence) (ok bool, detail string)

// checkers is every checker that a script may ask for.
func checkers() map[string]Checker {
	return map[string]Checker{
		"assumptions":    checkAssumptions,
		"held":           checkHeld,
		"in-order":       checkInOrder,
		"no-duplicates":  checkNoDuplicates,
		"no-loss":        checkNoLoss,
		"obeys-throttle": checkObeysThrottle,
		"well-formed":    checkWellFormed,
	}
}

func checkerNames() string {
	return strings.Join(slices.Sorted(maps.Keys(checkers())), ", ")
}

// Check judges what has happened so far by the named checkers, the harness's
// own assumptions first, and returns the first verdict that is not good.
func (l *Lab) Check(names ...string) error { return l.CheckOnly("", names...) }

// CheckOnly is Check for the records of one type: activity or alert.
func (l *Lab) CheckOnly(only string, names ...string) error {
	for _, name := range append([]string{"assumptions"}, names...) {
		if err := l.judge(name, only); err != nil {
			return err
		}
	}
	return nil
}

func (l *Lab) judge(name, only string) error {
	check, known := checkers()[name]
	if !known {
		return fmt.Errorf("unknown checker %q: expected one of: %s", name, checkerNames())
	}
	evidence := l.evidence()
	evidence.Only = only
	ok, detail := check(evidence)
	verdict := Passed
	if !ok {
		verdict = Failed
	}
	l.checks = append(l.checks, CheckResult{Name: name, Verdict: verdict, Detail: detail})
	l.History.Append(Event{T: l.Now(), Source: FromChecker, Kind: string(verdict), Detail: name + ": " + detail})
	if !ok {
		return fmt.Errorf("%s: %s", name, detail)
	}
	return nil
}

// some lists the first few of many for a verdict.
func some(ids []string) string {
	const few = 3
	if len(ids) <= few {
		return strings.Join(ids, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(ids[:few], ", "), len(ids)-few)
}
