package fakesyslog

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"time"
)

// Load books the entries of a ledger that was written out: one JSON object a
// line, {"id", "place", "connection", "offset"}.
func (l *Ledger) Load(r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var e Entry
		err := json.Unmarshal(lines.Bytes(), &e)
		if _, known := planeOf[e.Place]; err != nil || !known {
			return fmt.Errorf("line %d of the ledger: expected one JSON object with an id and a place, found %.60q", n, lines.Text())
		}
		l.book([]byte(e.ID), e.Place, e.Connection, e.Offset, time.Time{}, nil)
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("the ledger: %w", err)
	}
	return nil
}
