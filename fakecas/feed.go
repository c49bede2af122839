package fakecas

import "sync"

// feed hands Events to the hook in the order in which they happened, with no
// lock held. Those who note an Event under a lock of their own call deliver
// once they have let go of it.
type feed struct {
	hook  func(Event) // may be nil
	quiet bool        // it is not told of each record

	mu         sync.Mutex
	history    *history // nil: not kept
	changes    int      // how many Events there were that the portal shows
	watchers   map[chan struct{}]struct{}
	queue      []Event
	delivering bool
}

// note records that e happened. It calls nothing.
func (f *feed) note(e Event) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.hook != nil && !(f.quiet && (e.Kind == KindServed || e.Kind == KindCreated)) {
		f.queue = append(f.queue, e)
	}
	if f.history != nil {
		f.history.add(e)
	}
	if e.Kind == KindServed || e.Kind == KindRequest || e.Kind == KindCreated {
		return // the portal doesn't show them
	}
	f.changed()
}

// changed tells the watchers that the portal shows something else. The lock is
// held.
func (f *feed) changed() {
	f.changes++
	for w := range f.watchers {
		select {
		case w <- struct{}{}:
		default: // it is told already
		}
	}
}

// listens reports whether an Event of each record is wanted by anyone.
func (f *feed) listens() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.hook != nil && !f.quiet || f.history != nil
}

// seen returns how many Events there were that the portal shows.
func (f *feed) seen() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.changes
}

// watch returns a channel that is sent to after something happened that the
// portal shows; at once, when more has happened than was seen.
func (f *feed) watch(seen int) (changed chan struct{}, end func()) {
	changed = make(chan struct{}, 1)
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.changes != seen {
		changed <- struct{}{}
	}
	if f.watchers == nil {
		f.watchers = map[chan struct{}]struct{}{}
	}
	f.watchers[changed] = struct{}{}
	return changed, func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.watchers, changed)
	}
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
