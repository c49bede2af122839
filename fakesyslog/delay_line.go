package fakesyslog

import "time"

// delayLine holds what was read from a connection and is to be handled later,
// so that a delay doesn't hold up reading.
type delayLine struct {
	parcels []parcel
	bytes   int
	ended   bool // the last parcel is the end of the stream
}

// parcel is what one read gave.
type parcel struct {
	data []byte
	err  error // how reading ended; nil while it goes on
	due  time.Time
}

const (
	// delayLineLimit is how many bytes a connection holds that are delayed:
	// as much as a path of 40 MB/s and 100 ms. Then reading rests.
	delayLineLimit = 4 << 20
	parcelSize     = 64 << 10
)

func (d *delayLine) empty() bool { return len(d.parcels) == 0 }

// full says whether nothing may be read before the first parcel is out.
func (d *delayLine) full() bool { return d.ended || d.bytes >= delayLineLimit }

// add holds a copy of data. Nothing overtakes what came before it.
func (d *delayLine) add(data []byte, err error, due time.Time) {
	if n := len(d.parcels); n > 0 && due.Before(d.parcels[n-1].due) {
		due = d.parcels[n-1].due
	}
	d.parcels = append(d.parcels, parcel{append([]byte(nil), data...), err, due})
	d.bytes += len(data)
	d.ended = err != nil
}

// pop takes out the first parcel.
func (d *delayLine) pop() parcel {
	first := d.parcels[0]
	d.parcels[0] = parcel{}
	d.parcels = d.parcels[1:]
	d.bytes -= len(first.data)
	return first
}

// take moves what fits of the first parcel to p. err is the parcel's, once all
// of it was taken.
func (d *delayLine) take(p []byte) (n int, err error) {
	first := &d.parcels[0]
	n = copy(p, first.data)
	first.data = first.data[n:]
	d.bytes -= n
	if len(first.data) > 0 {
		return n, nil
	}
	return n, d.pop().err
}
