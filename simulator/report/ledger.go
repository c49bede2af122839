package report

import (
	"fmt"
	"time"

	"siemdrill/fakesyslog"
	"siemdrill/simulator"
)

// ledger is what became of the records, as the page shows it.
type ledger struct {
	Account    simulator.Account
	Lost       []lostRow
	Again      []againRow
	AgainTotal int // records that came more than once
	Places     []placeRow
	LostMore   int // rows left out
	AgainMore  int
}

// lostRow is a record that was due and did not arrive.
type lostRow struct {
	ID, Type, Created string
	Last              string // where the receiver saw it last
}

// againRow is a record that arrived more than once.
type againRow struct {
	ID    string
	Times int
}

// placeRow counts the messages that were last seen in a place.
type placeRow struct {
	Place, Means string
	Messages     int
}

// newLedger lists at most most records of each sort.
func newLedger(run simulator.Run, most int) ledger {
	l := ledger{Account: run.Evidence.Account(), Places: places(run.Places)}
	last := map[string]fakesyslog.Entry{}
	for _, p := range run.Places {
		last[p.ID] = p
	}
	for _, r := range l.Account.Lost {
		if len(l.Lost) == most {
			l.LostMore = len(l.Account.Lost) - most
			break
		}
		l.Lost = append(l.Lost, lostRow{visible(r.ID), r.Type, r.Created.UTC().Format(time.DateTime), whereLast(last, r.ID)})
	}
	l.Again, l.AgainTotal = againRows(l.Account.Again, most)
	l.AgainMore = l.AgainTotal - len(l.Again)
	return l
}

func whereLast(last map[string]fakesyslog.Entry, id string) string {
	p, seen := last[id]
	if !seen {
		return "never seen by the receiver"
	}
	return visible(fmt.Sprintf("%s at %s, %s, offset %d", p.Place, p.Time.UTC().Format("15:04:05.000"), p.Connection, p.Offset))
}

// againRows counts each record's further arrivals, in the order of the first.
func againRows(again []string, most int) (rows []againRow, total int) {
	index := map[string]int{}
	for _, id := range again {
		i, known := index[id]
		if !known {
			i = len(rows)
			index[id] = i
			rows = append(rows, againRow{visible(id), 1})
		}
		rows[i].Times++
	}
	return rows[:min(most, len(rows))], len(rows)
}

// places counts messages by place; a place that none was seen in is left out.
func places(entries []fakesyslog.Entry) []placeRow {
	count := map[fakesyslog.Place]int{}
	for _, e := range entries {
		count[e.Place]++
	}
	var rows []placeRow
	for _, p := range []struct {
		place fakesyslog.Place
		means string
	}{
		{fakesyslog.Parsed, "read, framed and understood"},
		{fakesyslog.Rejected, "read and not taken: its framing or its content was wrong"},
		{fakesyslog.Truncated, "only its beginning came, or was kept"},
		{fakesyslog.Unread, "in the receiver’s kernel, never read when the connection broke"},
		{fakesyslog.Swallowed, "taken by whoever has the server’s old address"},
	} {
		if n := count[p.place]; n > 0 {
			rows = append(rows, placeRow{string(p.place), p.means, n})
		}
	}
	return rows
}
