package load

import (
	"sync"

	"siemdrill/fakecas"
	"siemdrill/fakesyslog"
)

// witness hears what a fake tells and remembers what a run has to know of it.
// The zero value has heard nothing.
type witness struct {
	mu     sync.Mutex
	hits   map[string]int  // by the fault's id
	healed map[string]bool // by the fault's id
	late   map[string]int  // hits of a fault that was healed already
	asked  map[string]bool // agents that have made a request, by id
}

// cas is a hook of a service.
func (w *witness) cas(e fakecas.Event) {
	switch e.Kind {
	case fakecas.KindRequest:
		w.see(&w.asked, e.Agent)
	case fakecas.KindFaultHit:
		w.hit(e.Record)
	case fakecas.KindFaultHealed:
		w.see(&w.healed, e.Record)
	}
}

// syslog is a hook of a receiver.
func (w *witness) syslog(e fakesyslog.Event) {
	switch e.Kind {
	case fakesyslog.KindFaultHit:
		w.hit(e.Record)
	case fakesyslog.KindFaultHealed:
		w.see(&w.healed, e.Record)
	}
}

func (w *witness) hit(fault string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.hits == nil {
		w.hits, w.late = map[string]int{}, map[string]int{}
	}
	if w.healed[fault] {
		w.late[fault]++
		return
	}
	w.hits[fault]++
}

func (w *witness) see(set *map[string]bool, id string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if *set == nil {
		*set = map[string]bool{}
	}
	(*set)[id] = true
}

// hasAsked says whether an agent has made a request.
func (w *witness) hasAsked(agent string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked[agent]
}

// ofFault is how often a fault has hit, while it held and afterwards.
func (w *witness) ofFault(id string) (hits, late int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.hits[id], w.late[id]
}
