package stepped

import (
	"container/heap"
	"time"
)

// timer is one that was set and has not fired.
type timer struct {
	due   time.Time
	order uint64 // as it was set: the earlier of two at one instant fires first
	f     func()
	index int // in the heap; -1: no longer
}

// timers is a heap of them by due, then order.
type timers []*timer

func (t timers) Len() int { return len(t) }

func (t timers) Less(i, j int) bool {
	if t[i].due.Equal(t[j].due) {
		return t[i].order < t[j].order
	}
	return t[i].due.Before(t[j].due)
}

func (t timers) Swap(i, j int) {
	t[i], t[j] = t[j], t[i]
	t[i].index, t[j].index = i, j
}

func (t *timers) Push(x any) {
	added := x.(*timer)
	added.index = len(*t)
	*t = append(*t, added)
}

func (t *timers) Pop() any {
	all := *t
	last := all[len(all)-1]
	all[len(all)-1] = nil
	*t = all[:len(all)-1]
	last.index = -1
	return last
}

// first is the one that is due first, or nil.
func (t timers) first() *timer {
	if len(t) == 0 {
		return nil
	}
	return t[0]
}

func (t *timers) add(added *timer) { heap.Push(t, added) }

// remove reports whether it was still there.
func (t *timers) remove(gone *timer) bool {
	if gone.index < 0 {
		return false
	}
	heap.Remove(t, gone.index)
	return true
}
