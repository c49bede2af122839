package cas

import (
	"cmp"
	"slices"
	"time"
)

// Page is what Next found.
type Page struct {
	Records []Record // new ones, ascending by (Created, ID)
	After   Cursor   // valid once these records are confirmed
	More    bool     // the service has more right now

	// LookBackLeft is what is left of the look-back when more records lie in it
	// than After remembers: what is listed later than that is missed. 0 as a
	// rule: all of it.
	LookBackLeft time.Duration

	before Cursor
}

// Upto returns the cursor that is valid once the first n records of p are
// confirmed, so that the others are read again and they are not.
func (p Page) Upto(n int) Cursor {
	if n == len(p.Records) {
		return p.After
	}
	c := p.before.with(nil)
	c.Floor = max(c.Floor, min(p.After.Floor, p.Records[n].Created))
	if n > 0 {
		c.Position = max(c.Position, p.Records[n-1].Created)
	}
	first, _ := slices.BinarySearchFunc(p.Records[:n], c.Floor, func(r Record, floor int64) int { return cmp.Compare(r.Created, floor) })
	c.Seen = merge(c.seenFrom(c.Floor), p.Records[first:n])
	return c
}
