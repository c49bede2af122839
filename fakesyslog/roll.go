package fakesyslog

import (
	"iter"
	"time"
)

// blockSize is how many entries a block of a roll holds.
const blockSize = 4096

// roll keeps the last entries that were added, in blocks that are used again,
// so that adding allocates nothing once it is full.
type roll struct {
	most   int
	blocks []*block // oldest first
}

type block struct {
	n     int
	items [blockSize]item
	ids   []byte // of all items, one after the other
}

type item struct {
	connection string
	offset     int64
	at         int64 // nanoseconds since the epoch
	idEnd      int32
	place      Place
}

// add appends an entry. When more than most would be kept, the oldest block of
// them is forgotten.
func (r *roll) add(id []byte, place Place, connection string, offset int64, at time.Time) {
	last := len(r.blocks) - 1
	if last < 0 || r.blocks[last].n == blockSize {
		r.blocks = append(r.blocks, r.fresh())
		last = len(r.blocks) - 1
	}
	b := r.blocks[last]
	b.ids = append(b.ids, id...)
	b.items[b.n] = item{connection, offset, at.UnixNano(), int32(len(b.ids)), place}
	b.n++
}

func (r *roll) fresh() *block {
	if len(r.blocks) == 0 || len(r.blocks)*blockSize < r.most {
		return &block{}
	}
	b := r.blocks[0]
	r.blocks = append(r.blocks[:0], r.blocks[1:]...)
	b.n, b.ids = 0, b.ids[:0]
	return b
}

// all gives the entries, oldest first.
func (r *roll) all() iter.Seq[Entry] {
	return func(yield func(Entry) bool) {
		for _, b := range r.blocks {
			start := int32(0)
			for _, it := range b.items[:b.n] {
				e := Entry{string(b.ids[start:it.idEnd]), it.place, it.connection, it.offset, time.Unix(0, it.at).UTC()}
				if !yield(e) {
					return
				}
				start = it.idEnd
			}
		}
	}
}
