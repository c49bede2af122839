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
// the others. It knows no more of a line than the number that an activity's id
// ends in, and its own time.
type tap struct {
	mu     sync.Mutex
	now    func() time.Time
	window func() Window
	came   []uint64 // a bit a number
	newest int64    // ms, of those that came
	by     [windows]Arrivals
	recent Ages // since the last reading
	last   time.Time
	odd    int // lines without number or time
}

// Write takes one line; it never fails.
func (t *tap) Write(line []byte) (int, error) {
	number, created, ok := readLine(line)
	t.mu.Lock()
	defer t.mu.Unlock()
	if !ok {
		t.odd++
		return len(line), nil
	}
	w := &t.by[t.window()]
	if !t.mark(number) {
		w.Duplicated++
		return len(line), nil
	}
	now := t.now()
	t.last = now
	w.First++
	if created < t.newest {
		w.OutOfOrder++
	}
	t.newest = max(t.newest, created)
	age := now.Sub(time.UnixMilli(created))
	w.Ages.Add(age)
	t.recent.Add(age)
	return len(line), nil
}

// mark notes that a number came and says whether it was the first time.
func (t *tap) mark(number uint64) bool {
	word, bit := number/64, uint64(1)<<(number%64)
	for uint64(len(t.came)) <= word {
		t.came = append(t.came, make([]uint64, max(1024, len(t.came)))...)
	}
	first := t.came[word]&bit == 0
	t.came[word] |= bit
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

// readLine reads the number of an activity, the last 12 hex digits of its
// externalId, and its time in milliseconds. In an extension as documented these
// are the first two fields.
func readLine(line []byte) (number uint64, created int64, ok bool) {
	const idKey, timeKey = "|externalId=", " rt="
	at := bytes.Index(line, []byte(idKey))
	if at < 0 {
		return 0, 0, false
	}
	rest := line[at+len(idKey):]
	end := bytes.IndexByte(rest, ' ')
	if end < 12 || !bytes.HasPrefix(rest[end:], []byte(timeKey)) {
		return 0, 0, false
	}
	for _, c := range rest[end-12 : end] {
		switch {
		case c >= '0' && c <= '9':
			number = number<<4 | uint64(c-'0')
		case c >= 'a' && c <= 'f':
			number = number<<4 | uint64(c-'a'+10)
		default:
			return 0, 0, false
		}
	}
	digits := 0
	for _, c := range rest[end+len(timeKey):] {
		if c < '0' || c > '9' || digits == 15 {
			break
		}
		created = created*10 + int64(c-'0')
		digits++
	}
	return number, created, digits > 0 && number < maxNumber
}
