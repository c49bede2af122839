package load

import (
	"bytes"
	"sync"
	"time"
)

// Arrivals is what came in a window.
type Arrivals struct {
	Seconds    float64 `json:"seconds"`    // how long the window was open
	First      int     `json:"first"`      // records, each counted when it came first
	Duplicated int     `json:"duplicated"` // arrivals of records that had come before
	OutOfOrder int     `json:"outOfOrder"` // first arrivals after one that was created later
	Ages       Ages    `json:"ages"`       // of first arrivals
}

// merge adds what came elsewhere in the same time.
func (a *Arrivals) merge(b Arrivals) {
	a.Seconds = max(a.Seconds, b.Seconds)
	a.First += b.First
	a.Duplicated += b.Duplicated
	a.OutOfOrder += b.OutOfOrder
	a.Ages.Merge(b.Ages)
}

// tap reads every line that a receiver books, for its age and its place among
// the others of its type. It knows no more of a line than the number that its
// id ends in, and its own time.
type tap struct {
	mu     sync.Mutex
	now    func() time.Time
	window func() Window
	came   [kinds][]uint64 // a bit a number
	newest [kinds]int64    // ms, of those that came
	by     [windows]Arrivals
	recent Ages // since the last reading
	last   time.Time
	odd    int // lines without number or time
}

// Write takes one line; it never fails.
func (t *tap) Write(line []byte) (int, error) {
	kind, number, created, ok := readLine(line)
	t.mu.Lock()
	defer t.mu.Unlock()
	if !ok {
		t.odd++
		return len(line), nil
	}
	w := &t.by[t.window()]
	if !t.mark(kind, number) {
		w.Duplicated++
		return len(line), nil
	}
	now := t.now()
	t.last = now
	w.First++
	if created < t.newest[kind] {
		w.OutOfOrder++
	}
	t.newest[kind] = max(t.newest[kind], created)
	age := now.Sub(time.UnixMilli(created))
	w.Ages.Add(age)
	t.recent.Add(age)
	return len(line), nil
}

// mark notes that a number came and says whether it was the first time.
func (t *tap) mark(k kind, number uint64) bool {
	word, bit := number/64, uint64(1)<<(number%64)
	for uint64(len(t.came[k])) <= word {
		t.came[k] = append(t.came[k], make([]uint64, max(1024, len(t.came[k])))...)
	}
	first := t.came[k][word]&bit == 0
	t.came[k][word] |= bit
	return first
}

// count is how many different records came.
func (t *tap) count() (n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, w := range t.by {
		n += w.First
	}
	return n
}

// addTo adds what came to parts, and returns how many lines it could not read.
func (t *tap) addTo(parts *[windows]Arrivals) (odd int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for w := range parts {
		parts[w].merge(t.by[w])
	}
	return t.odd
}

// reading is what a sample takes from a tap.
func (t *tap) reading(into *Ages) (first, duplicated int, last time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	into.Merge(t.recent)
	t.recent.Reset()
	for _, w := range t.by {
		first, duplicated = first+w.First, duplicated+w.Duplicated
	}
	return first, duplicated, t.last
}

// maxNumber bounds the memory that a line can claim: a bit a record, 32 MiB.
const maxNumber = 1 << 28

// kind is the type of a record, as a line tells it.
type kind int

const (
	activity kind = iota
	alert
	kinds
)

// readLine reads the number of a record, the last 12 hex digits of an activity's
// externalId and the last 8 of an alert's, and its time in milliseconds. In an
// extension as documented these are the first two fields: an activity's time is
// rt, an alert's start.
func readLine(line []byte) (k kind, number uint64, created int64, ok bool) {
	const idKey, alertID = "|externalId=", 24
	at := bytes.Index(line, []byte(idKey))
	if at < 0 {
		return 0, 0, 0, false
	}
	rest := line[at+len(idKey):]
	end := bytes.IndexByte(rest, ' ')
	timeKey, digits := " rt=", 12
	if end == alertID {
		k, timeKey, digits = alert, " start=", 8
	}
	if end < digits || !bytes.HasPrefix(rest[end:], []byte(timeKey)) {
		return 0, 0, 0, false
	}
	for _, c := range rest[end-digits : end] {
		switch {
		case c >= '0' && c <= '9':
			number = number<<4 | uint64(c-'0')
		case c >= 'a' && c <= 'f':
			number = number<<4 | uint64(c-'a'+10)
		default:
			return 0, 0, 0, false
		}
	}
	n := 0
	for _, c := range rest[end+len(timeKey):] {
		if c < '0' || c > '9' || n == 15 {
			break
		}
		created = created*10 + int64(c-'0')
		n++
	}
	return k, number, created, n > 0 && number < maxNumber
}
