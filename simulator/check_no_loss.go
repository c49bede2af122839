package simulator

import (
	"fmt"
	"time"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

// checkNoLoss: every record that was due has arrived, and nothing arrived that
// the tenant doesn't hold. What is due, Evidence.Account says.
func checkNoLoss(e Evidence) (bool, string) {
	if _, ok := e.begun(); !ok {
		return false, "the agent never made contact, so nothing was due"
	}
	a := e.Account()
	switch {
	case len(a.Lost) > 0:
		return false, fmt.Sprintf("%d of %d records due have not arrived: %s", len(a.Lost), a.Due(), some(ids(a.Lost)))
	case len(a.Unexpected) > 0:
		return false, fmt.Sprintf("%d lines arrived that nobody expected: %s", len(a.Unexpected), some(a.Unexpected))
	case a.Due() == 0:
		return false, "no record was due, so none could be lost"
	}
	return true, fmt.Sprintf("%d records due, all arrived; %d too young to be judged", a.Due(), a.Young)
}

func ids(entries []Entry) []string {
	all := make([]string, len(entries))
	for i, e := range entries {
		all[i] = e.ID
	}
	return all
}

// firstContact is when the agent first made contact.
func firstContact(events []Event) (time.Time, bool) {
	for _, e := range events {
		if isContact(e) {
			return e.T, true
		}
	}
	return time.Time{}, false
}

func isContact(e Event) bool { return e.Source == FromCAS && e.Kind == fakecas.KindContact }

func isArrival(e Event) bool { return e.Source == FromSyslog && e.Kind == fakesyslog.KindLine }

// arrivals counts the lines that arrived whole, by record.
func arrivals(events []Event) map[string]int {
	n := map[string]int{}
	for _, e := range events {
		if isArrival(e) {
			n[e.Record]++
		}
	}
	return n
}
