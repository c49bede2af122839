package fakecas

import "sync"

// feed hands Events to the hook in the order in which they happened, with no
// lock held. Those who note an Event under a lock of their own call deliver
// once they have let go of it.
type feed struct {
	hook func(Event) // nil: nobody listens

	mu         sync.Mutex
	queue      []Event
	delivering bool
}

// note records that e happened. It calls nothing.
func (f *feed) note(e Event) {
	if f.hook == nil {
		return
	}
	f.mu.Lock()
	f.queue = append(f.queue, e)
	f.mu.Unlock()
}

// deliver hands over what was noted. When another goroutine is at it, that one
// hands over this caller's Events too.
func (f *feed) deliver() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.delivering {
		return
	}
	f.delivering = true
	for len(f.queue) > 0 {
		batch := f.queue
		f.queue = nil
		f.mu.Unlock()
		for _, e := range batch {
			f.hook(e)
		}
		f.mu.Lock()
	}
	f.delivering = false
}
