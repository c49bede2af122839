package live

import "sync"

// news tells whoever listens that something has changed. The zero value is
// ready.
type news struct {
	mu   sync.Mutex
	next chan struct{} // closed at the next change; nil: nobody listens
}

// wait is closed at the next change.
func (n *news) wait() <-chan struct{} {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next == nil {
		n.next = make(chan struct{})
	}
	return n.next
}

func (n *news) tell() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.next != nil {
		close(n.next)
		n.next = nil
	}
}
