package simulator

import (
	"fmt"
	"time"
)

// checkInOrder: within a record type, records arrived for the first time in the
// order in which they were created; those of one instant in any order.
func checkInOrder(e Evidence) (bool, string) {
	ledger := map[string]Entry{}
	for _, r := range e.Ledger {
		ledger[r.ID] = r
	}
	last := map[string]Entry{}
	seen := map[string]bool{}
	for _, ev := range e.Events {
		r, known := ledger[ev.Record]
		if !isArrival(ev) || !known || seen[r.ID] {
			continue
		}
		seen[r.ID] = true
		if before := last[r.Type]; r.Created.Before(before.Created) {
			return false, fmt.Sprintf("%s of %s arrived after %s of %s", r.ID, r.Created.Format(time.RFC3339), before.ID, before.Created.Format(time.RFC3339))
		}
		last[r.Type] = r
	}
	if len(seen) == 0 {
		return false, "no line arrived, so there is no order to judge"
	}
	return true, fmt.Sprintf("%d records first arrived in order", len(seen))
}
