package simulator

import (
	"fmt"
	"strings"
	"time"

	"siemdrill/agent/console"
	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

// grace is how long a pull may take that was under way when the agent noticed
// the fault.
const grace = time.Second

// checkHeld: from the moment of a data server error until the receiver was
// reached again, the agent pulled nothing ("it stops pulling new activities
// until it is fixed"), and it went on making contact.
func checkHeld(e Evidence) (bool, string) {
	holds, contacts := 0, 0
	var longest time.Duration
	for _, n := range e.Notifications {
		if !holdsPulling(n.ID) {
			continue
		}
		holds++
		until, made, pulled := hold(e, n.Since)
		if pulled != nil {
			return false, fmt.Sprintf("it pulled at %s (%s) although it was held since %s (%s)",
				pulled.T.Format(time.TimeOnly), pulled.Detail, n.Since.Format(time.TimeOnly), n.ID)
		}
		longest = max(longest, until.Sub(n.Since))
		contacts += made
	}
	switch {
	case holds == 0:
		return false, "no data server notification was ever raised, so nothing was held"
	case contacts == 0:
		return false, fmt.Sprintf("it was held for up to %s and made no contact in that time", longest)
	}
	return true, fmt.Sprintf("held %d times, up to %s: no pull, %d contacts", holds, longest, contacts)
}

// holdsPulling says whether an agent with the notification pulls nothing.
func holdsPulling(id console.NotificationID) bool {
	return id == console.DataServerConnectionError || id == console.DataServerSendError
}

// hold follows the History from an error until the receiver was reached again:
// when that was, how many contacts were made, and the first pull there was.
//
// A connection that is accepted counts as reached, also beside one that has
// stalled, where it may be a mere attempt: a script about stalling asserts what
// must not be pulled itself.
//
// What happened at one instant has no order: a contact at the beginning tells of
// the error, and a pull at the end follows on the receiver's being back.
func hold(e Evidence, since time.Time) (until time.Time, contacts int, pulled *Event) {
	until = e.Now
	for _, ev := range e.Events {
		if ev.T.After(since) && reachedReceiver(ev) {
			until = ev.T
			break
		}
	}
	for _, ev := range e.Events {
		switch {
		case ev.T.Before(since) || ev.T.After(until):
		case isContact(ev):
			contacts++
		case isPull(ev) && ev.T.Sub(since) > grace && ev.T.Before(until):
			return ev.T, contacts, &ev
		}
	}
	return until, contacts, nil
}

// isPull says whether e is a request for records.
func isPull(e Event) bool {
	return e.Source == FromCAS && e.Kind == fakecas.KindRequest &&
		(strings.Contains(e.Detail, "/api/v1/activities") || strings.Contains(e.Detail, "/api/v1/alerts"))
}

// reachedReceiver says whether e shows that the receiver takes lines again.
func reachedReceiver(e Event) bool {
	return e.Source == FromSyslog && (e.Kind == fakesyslog.KindAccepted || e.Kind == fakesyslog.KindLine)
}
