package network

// queue is first in, first out, and reuses its array.
type queue[T any] struct {
	items []T
	head  int
}

func (q *queue[T]) len() int { return len(q.items) - q.head }

// add appends. It moves the live items to the front of a full array only when
// they are the smaller half, so that each item is moved about once.
func (q *queue[T]) add(v ...T) {
	if len(q.items)+len(v) > cap(q.items) && q.head > len(q.items)/2 {
		q.items = q.items[:copy(q.items, q.items[q.head:])]
		q.head = 0
	}
	q.items = append(q.items, v...)
}

// first is the n oldest items, valid until the next call.
func (q *queue[T]) first(n int) []T { return q.items[q.head : q.head+n] }

// last is the newest item, nil if there is none.
func (q *queue[T]) last() *T {
	if q.len() == 0 {
		return nil
	}
	return &q.items[len(q.items)-1]
}

// drop forgets the n oldest items.
func (q *queue[T]) drop(n int) {
	if q.head += n; q.head == len(q.items) {
		q.items, q.head = q.items[:0], 0
	}
}

// pop takes the oldest item, and lets the garbage collector have it.
func (q *queue[T]) pop() T {
	var none T
	v := q.items[q.head]
	q.items[q.head] = none
	q.drop(1)
	return v
}
