package load

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// Ages is a histogram of event ages: three digits, from a microsecond to a
// month. An event's own time has milliseconds, and so have ages. The zero value
// is empty.
type Ages struct{ h *hdrhistogram.Histogram }

const mostAge = 31 * 24 * time.Hour

func (a *Ages) open() *hdrhistogram.Histogram {
	if a.h == nil {
		a.h = hdrhistogram.New(1, mostAge.Microseconds(), 3)
	}
	return a.h
}

// Add counts one age; one out of range counts as the nearest that is in it.
func (a *Ages) Add(age time.Duration) {
	_ = a.open().RecordValue(min(max(age.Microseconds(), 0), mostAge.Microseconds())) // it is in range
}

// Merge adds all of another; nothing is lost.
func (a *Ages) Merge(b Ages) {
	if b.h != nil {
		a.open().Merge(b.h)
	}
}

// Reset makes it empty.
func (a *Ages) Reset() {
	if a.h != nil {
		a.h.Reset()
	}
}

// Count is how many ages there are.
func (a Ages) Count() int64 {
	if a.h == nil {
		return 0
	}
	return a.h.TotalCount()
}

// At returns the age at or under which so many percent are; 100 is the oldest.
// It is 0 if there are none.
func (a Ages) At(percent float64) time.Duration {
	if a.Count() == 0 {
		return 0
	}
	return time.Duration(a.h.ValueAtPercentile(percent)) * time.Microsecond
}

// Mean returns the mean age.
func (a Ages) Mean() time.Duration {
	if a.Count() == 0 {
		return 0
	}
	return time.Duration(a.h.Mean() * float64(time.Microsecond))
}

// MarshalJSON writes the whole histogram in the HdrHistogram V2 encoding, which
// other tools read too.
func (a Ages) MarshalJSON() ([]byte, error) {
	encoded, err := a.open().EncodeV2()
	if err != nil {
		return nil, fmt.Errorf("the ages: %w", err)
	}
	return json.Marshal(string(encoded))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *Ages) UnmarshalJSON(text []byte) error {
	var encoded string
	if err := json.Unmarshal(text, &encoded); err != nil {
		return fmt.Errorf("the ages: expected an HdrHistogram V2 text: %w", err)
	}
	h, err := hdrhistogram.Decode([]byte(encoded))
	if err != nil {
		return fmt.Errorf("the ages: expected an HdrHistogram V2 text: %w", err)
	}
	a.h = h
	return nil
}
