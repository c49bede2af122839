package simulator

import (
	"fmt"
	"time"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

const (
	// backlog is how far back an agent forwards at its first contact, as the
	// vendor documents it.
	backlog = 48 * time.Hour
	// underWay is how young a record may be and still be on its way: the service
	// withholds it for 5 s, the agent pulls every 30 s and confirms within 1 s.
	underWay = time.Minute
)

// checkNoLoss: every record that was due has arrived, and nothing arrived that
// the tenant doesn't hold. Due is what was created since two days before the
// first contact, unless it is so young that it may still be under way.
func checkNoLoss(e Evidence) (bool, string) {
	first, ok := firstContact(e.Events)
	if !ok {
		return false, "the agent never made contact, so nothing was due"
	}
	arrived := arrivals(e.Events)
	known := map[string]bool{}
	var lost []string
	due, young := 0, 0
	for _, r := range e.Ledger {
		known[r.ID] = true
		switch {
		case arrived[r.ID] > 0:
			due++
		case r.Created.Before(first.Add(-backlog)):
		case r.Created.After(e.Now.Add(-underWay)):
			young++
		default:
			due++
			lost = append(lost, r.ID)
		}
	}
	var unexpected []string
	for _, ev := range e.Events {
		if isArrival(ev) && !known[ev.Record] {
			unexpected = append(unexpected, ev.Record)
		}
	}
	switch {
	case len(lost) > 0:
		return false, fmt.Sprintf("%d of %d records due have not arrived: %s", len(lost), due, some(lost))
	case len(unexpected) > 0:
		return false, fmt.Sprintf("%d lines arrived of records that the tenant doesn't hold: %s", len(unexpected), some(unexpected))
	case due == 0:
		return false, "no record was due, so none could be lost"
	}
	return true, fmt.Sprintf("%d records due, all arrived; %d too young to be judged", due, young)
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
