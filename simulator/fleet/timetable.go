package fleet

import (
	"fmt"
	"slices"
	"time"

	"siemdrill/fakecas"
)

// The vendor's rule, written down again so that the service can be judged by
// it: a status begins after more than so long without contact.
var rule = []struct {
	after  time.Duration
	status fakecas.Status
}{
	{2 * time.Hour, fakecas.ConnectionError},
	{12 * time.Hour, fakecas.Disconnected},
}

const (
	contactPeriod = time.Minute
	// tolerance is what "to the second" leaves: a contact takes milliseconds.
	tolerance = time.Second
	mostWrong = 5 // of one agent that are told
)

// Change is a status that begins.
type Change struct {
	Status fakecas.Status
	At     time.Time
}

// timetable judges what the portal shows of one agent. It knows when the agent
// was planned to be away and is told each contact that the service answered; by
// the vendor's rule it says which statuses are due when, and compares. The zero
// value is an agent without outages that has not made contact.
type timetable struct {
	outages   []Outage
	contacts  int
	last      time.Time // contact; zero: none
	due, told []Change
	looks     int // at the portal
	wrong     []string
}

// contact takes in a contact.
func (t *timetable) contact(at time.Time) {
	t.pass(at)
	t.judgeContact(at)
	if t.status() != fakecas.Connected {
		t.due = append(t.due, Change{fakecas.Connected, at})
	}
	t.contacts++
	t.last = at
}

// judgeContact compares a contact with the plan: none is due while the agent is
// away, and otherwise one a minute.
func (t *timetable) judgeContact(at time.Time) {
	latest := t.last.Add(contactPeriod + tolerance)
	for _, o := range t.outages {
		if at.After(o.From.Add(tolerance)) && at.Before(o.To) {
			t.fail("contact at %s, while it was %s from %s to %s", stamp(at), o.Kind, stamp(o.From), stamp(o.To))
		}
		if o.From.Before(latest) && o.To.Add(contactPeriod+tolerance).After(latest) {
			latest = o.To.Add(contactPeriod + tolerance)
		}
	}
	if t.contacts > 0 && at.After(latest) {
		t.fail("no contact from %s to %s", stamp(t.last), stamp(at))
	}
}

// pass notes what has become due by the passing of time alone.
func (t *timetable) pass(now time.Time) {
	for _, r := range rule {
		if t.contacts > 0 && now.Sub(t.last) > r.after && t.status() < r.status {
			t.due = append(t.due, Change{r.status, t.last.Add(r.after)})
		}
	}
}

// status is the one that was due last.
func (t *timetable) status() fakecas.Status {
	if len(t.due) == 0 {
		return fakecas.Created
	}
	return t.due[len(t.due)-1].Status
}

// tell takes in a change of status that the service told of.
func (t *timetable) tell(c Change) { t.told = append(t.told, c) }

// look compares what the portal shows now.
func (t *timetable) look(shown fakecas.Status, now time.Time) {
	t.looks++
	t.pass(now)
	if want := t.status(); shown != want {
		t.fail("at %s, with its last contact %s, the portal showed %s, expected %s", stamp(now), t.lastContact(), shown, want)
	}
}

func (t *timetable) lastContact() string {
	if t.contacts == 0 {
		return "never"
	}
	return "at " + stamp(t.last)
}

// finish says what was wrong in all the time until now.
func (t *timetable) finish(now time.Time) []string {
	t.pass(now)
	differs := func(a, b Change) bool { return a.Status != b.Status || a.At.Sub(b.At).Abs() >= tolerance }
	same := func(a, b Change) bool { return !differs(a, b) }
	switch {
	case t.contacts == 0:
		t.fail("it never made contact")
	case !slices.EqualFunc(t.told, t.due, same):
		t.fail("the statuses told were %v, expected %v", t.told, t.due)
	}
	return t.wrong
}

func (t *timetable) fail(format string, args ...any) {
	if len(t.wrong) < mostWrong {
		t.wrong = append(t.wrong, fmt.Sprintf(format, args...))
	}
}

// String is a change as failures have it.
func (c Change) String() string { return fmt.Sprintf("%s at %s", c.Status, stamp(c.At)) }

func stamp(t time.Time) string { return t.Format("2006-01-02 15:04:05.000") }
