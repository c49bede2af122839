package fakesyslog

import "math/bits"

const (
	pageBits = 16
	pageSize = 1 << pageBits // bits of a page: 8 KiB
	maxPages = 2048          // of one bitmap: 134 million numbers, 16 MiB
)

// bitmap is a set of numbers in pages, so that an empty stretch costs nothing.
// The zero value is empty.
type bitmap struct {
	pages []*[pageSize / 64]uint64
	count int // pages that exist
}

// set adds a number and says whether it was new; ok is false if the bitmap has
// no room for another page.
func (b *bitmap) set(n uint64) (fresh, ok bool) {
	p := int(n >> pageBits)
	for p >= len(b.pages) {
		b.pages = append(b.pages, nil)
	}
	page := b.pages[p]
	if page == nil {
		if b.count == maxPages {
			return false, false
		}
		b.count++
		page = new([pageSize / 64]uint64)
		b.pages[p] = page
	}
	word, bit := &page[n%pageSize/64], uint64(1)<<(n%64)
	fresh = *word&bit == 0
	*word |= bit
	return fresh, true
}

func (b *bitmap) has(n uint64) bool {
	p := int(n >> pageBits)
	return p < len(b.pages) && b.pages[p] != nil && b.pages[p][n%pageSize/64]&(1<<(n%64)) != 0
}

// without counts the numbers of b that are not in o, and calls f for the first
// most of them, in order.
func (b *bitmap) without(o *bitmap, most int, f func(n uint64)) int {
	total := 0
	for p, page := range b.pages {
		if page == nil {
			continue
		}
		for w, word := range page {
			if p < len(o.pages) && o.pages[p] != nil {
				word &^= o.pages[p][w]
			}
			for rest := word; rest != 0 && most > 0; rest &= rest - 1 {
				f(uint64(p)<<pageBits + uint64(w)*64 + uint64(bits.TrailingZeros64(rest)))
				most--
			}
			total += bits.OnesCount64(word)
		}
	}
	return total
}
