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

// checkHeld: while a data server notification stood and the receiver had not
// been reached again, the agent pulled nothing ("it stops pulling new
// activities until it is fixed"), and it went on making contact.
func checkHeld(e Evidence) (bool, string) {
	var since time.Time // zero: not held
	var longest time.Duration
	holds, contacts := 0, 0
	for _, ev := range e.Events {
		switch {
		case since.IsZero():
			if isDataServerError(ev) {
				since = ev.T
				holds++
			}
			continue
		case isPull(ev) && ev.T.Sub(since) > grace:
			return false, fmt.Sprintf("it pulled at %s (%s) although it was held since %s", ev.T.Format(time.TimeOnly), ev.Detail, since.Format(time.TimeOnly))
		case isContact(ev):
			contacts++
		case reachedReceiver(ev):
			longest = max(longest, ev.T.Sub(since))
			since = time.Time{}
		}
	}
	if !since.IsZero() {
		longest = max(longest, e.Now.Sub(since))
	}
	switch {
	case holds == 0:
		return false, "no data server notification was ever raised, so nothing was held"
	case contacts == 0:
		return false, fmt.Sprintf("it was held for up to %s and made no contact in that time", longest)
	}
	return true, fmt.Sprintf("held %d times, up to %s: no pull, %d contacts", holds, longest, contacts)
}

func isDataServerError(e Event) bool {
	return e.Source == FromCAS && e.Kind == fakecas.KindNotificationRaised &&
		(strings.HasPrefix(e.Detail, string(console.DataServerConnectionError)) || strings.HasPrefix(e.Detail, string(console.DataServerSendError)))
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
