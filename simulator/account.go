package simulator

import (
	"slices"
	"time"
)

// Account is what became of each record that the tenant holds, as the checker
// no-loss sees it.
type Account struct {
	Arrived    int      // due, and came
	Lost       []Entry  // due, and did not come
	Young      int      // made so late that they may still be under way
	NotDue     int      // made more than two days before the first contact, or of another type
	Again      []string // records whose line came again, each as often as it did
	Unexpected []string // records that arrived and that the tenant doesn't hold, or not of this type
}

// Due is how many records should have arrived.
func (a Account) Due() int { return a.Arrived + len(a.Lost) }

// Account compares the tenant's ledger with what arrived. Due is what was
// created since two days before the first contact, unless it is so young that
// it may still be under way; without a contact nothing is. Nor is what was
// created more than two days before an agent made contact again that had made
// none for longer than that: only the last two days are forwarded then. Only narrows it to one
// type.
func (e Evidence) Account() Account {
	a := Account{Again: duplicates(e.Events)}
	first, contacted := e.begun()
	holes := holesOf(e.Events)
	arrived := arrivals(e.Events)
	known := make(map[string]bool, len(e.Ledger))
	for _, r := range e.Ledger {
		if e.Only != "" && r.Type != e.Only {
			a.NotDue++
			continue
		}
		known[r.ID] = true
		switch {
		case arrived[r.ID] > 0:
			a.Arrived++
		case !contacted || r.Created.Before(first.Add(-backlog)) || inHole(holes, r.Created):
			a.NotDue++
		case r.Created.After(e.Now.Add(-underWay)):
			a.Young++
		default:
			a.Lost = append(a.Lost, r)
		}
	}
	for _, ev := range e.Events {
		if isArrival(ev) && !known[ev.Record] {
			a.Unexpected = append(a.Unexpected, ev.Record)
		}
	}
	return a
}

// begun is when records began to be due: at the first contact, or when a plain
// forwarder, which makes none, began to be fed.
func (e Evidence) begun() (time.Time, bool) {
	if !e.Fed.IsZero() {
		return e.Fed, true
	}
	return firstContact(e.Events)
}

// hole is a time of which nothing is due.
type hole struct{ from, to time.Time }

// holesOf finds the absences of more than two days.
func holesOf(events []Event) []hole {
	var holes []hole
	var last time.Time
	for _, ev := range events {
		if !isContact(ev) {
			continue
		}
		if !last.IsZero() && ev.T.Sub(last) > backlog {
			holes = append(holes, hole{last.Add(-underWay), ev.T.Add(-backlog)})
		}
		last = ev.T
	}
	return holes
}

func inHole(holes []hole, t time.Time) bool {
	return slices.ContainsFunc(holes, func(h hole) bool { return t.After(h.from) && t.Before(h.to) })
}

const (
	// backlog is how far back an agent forwards at its first contact, as the
	// vendor documents it.
	backlog = 48 * time.Hour
	// underWay is how young a record may be and still be on its way: the service
	// withholds it for 5 s, the agent pulls every 30 s and confirms within 1 s.
	underWay = time.Minute
)
