package fakecas

import (
	"fmt"
	"net/http"
)

// Handler returns the API alone, to be served by other means than Start.
func (s *Server) Handler() http.Handler {
	s.ready()
	return http.HandlerFunc(s.serveHTTP)
}

// serveHTTP takes a request through its stations: faults, admission, throttle,
// route; then writes the answer.
func (s *Server) serveHTTP(w http.ResponseWriter, r *http.Request) {
	s.enter()
	defer s.serving.Done()
	defer s.feed.deliver()
	x, bad := s.begin(w, r)
	s.clock().Busy(+1)
	defer s.clock().Busy(-1)
	var a answer
	if bad != nil {
		a = *bad
	} else {
		a = x.answer()
	}
	s.faults.answer(x, &a)
	x.note(KindRequest, fmt.Sprintf("%s %d", x.name(), a.status))
	if a.send(x) != nil {
		return // and the body's memory is left alone: its last write may not have ended
	}
	if a.served != nil {
		x.noteServed(a.served)
	}
	if a.release != nil {
		a.release()
	}
}

// enter keeps the server from closing until serving.Done. After Close it breaks
// the request off: an answer without a word would be a 200.
func (s *Server) enter() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		panic(http.ErrAbortHandler)
	}
	s.serving.Add(1)
}

// answer decides what a request gets.
func (x *exchange) answer() answer {
	if a := x.server.faults.request(x); a != nil {
		return *a
	}
	if x.endpoint == toNothing {
		return refusal(http.StatusNotFound, "no such path")
	}
	if a := admit(x); a != nil {
		return *a
	}
	if a := throttled(x); a != nil {
		return *a
	}
	return routed(x)
}

// noteServed notes each record of a page that went out.
func (x *exchange) noteServed(s *served) {
	if !x.server.feed.listens() {
		return
	}
	e := Event{Time: x.now(), Kind: KindServed, Agent: x.agentID(), Connection: x.peer(), Detail: string(s.table.kind)}
	for _, place := range s.places {
		r := s.table.record(place)
		e.Record = string(r.appendID(nil))
		x.server.feed.note(e)
	}
}
