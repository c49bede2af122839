package fleet

import "fmt"

// account is which records an agent has still to deliver. Only these are kept,
// so its size is that of the agent's backlog. The zero value owes nothing.
type account struct {
	owed    map[string]bool // by the record's id
	records int             // that were created
	arrived int             // of these
	again   int             // arrivals of records that had arrived before
	strange []string        // arrivals that the tenant knows nothing of
}

// created makes a record due.
func (a *account) created(id string) {
	if a.owed == nil {
		a.owed = map[string]bool{}
	}
	a.owed[id] = true
	a.records++
}

// came books an arrival, and says whether it was one that was owed. known says
// whether the tenant holds a record; it is asked only of those that are not due.
func (a *account) came(id string, known func(id string) bool) (owed bool) {
	switch {
	case a.owed[id]:
		delete(a.owed, id)
		a.arrived++
		return true
	case known(id):
		a.again++
	case len(a.strange) < mostWrong:
		a.strange = append(a.strange, id)
	}
	return false
}

// finish says what was wrong; held is how many records the tenant's ledger has.
func (a *account) finish(held int) (wrong []string) {
	if held != a.records {
		wrong = append(wrong, fmt.Sprintf("the tenant holds %d records and told of %d", held, a.records))
	}
	if a.records == 0 {
		wrong = append(wrong, "no record was created, so none could be lost")
	}
	if len(a.owed) > 0 {
		wrong = append(wrong, fmt.Sprintf("%d of %d records have not arrived", len(a.owed), a.records))
	}
	if len(a.strange) > 0 {
		wrong = append(wrong, fmt.Sprintf("arrived, and the tenant holds no such record: %v", a.strange))
	}
	return wrong
}
