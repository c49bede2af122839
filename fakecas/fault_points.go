package fakecas

import (
	"crypto/tls"
	"strings"
)

// The points at which a fault can act, each called where it happens.

// hits is strike for a request.
func (fs *faults) hits(x *exchange, acts func(*effect) bool) []effect {
	if !fs.any() {
		return nil
	}
	applies := func(st *standing) bool { return st.aimedAt(x) }
	return fs.strike(acts, applies, x.name(), x.peer())
}

// aimedAt reports whether a request is within the fault's where and target.
func (st *standing) aimedAt(x *exchange) bool {
	switch {
	case st.Where == "" || st.Where == string(x.endpoint):
	case strings.HasPrefix(st.Where, "/") && strings.HasPrefix(x.r.URL.Path, st.Where):
	default:
		return false
	}
	return st.Target == "" || x.isBy(st.Target)
}

// isBy reports whether the request has the token of an agent, by id or name.
func (x *exchange) isBy(target string) bool {
	a := x.agent()
	return a != nil && (a.id == target || x.server.Tenant().configuration(a).Name == target)
}

// request gives the faults a request; a non-nil answer ends it.
func (fs *faults) request(x *exchange) *answer {
	for _, e := range fs.hits(x, func(e *effect) bool { return e.request != nil }) {
		if a := e.request(x); a != nil {
			return a
		}
	}
	return nil
}

func (fs *faults) query(x *exchange, q *query) {
	for _, e := range fs.hits(x, func(e *effect) bool { return e.query != nil }) {
		e.query(x, q)
	}
}

func (fs *faults) page(x *exchange, p *page) {
	for _, e := range fs.hits(x, func(e *effect) bool { return e.page != nil }) {
		e.page(p)
	}
}

func (fs *faults) answer(x *exchange, a *answer) {
	for _, e := range fs.hits(x, func(e *effect) bool { return e.answer != nil }) {
		e.answer(a)
	}
}

func (fs *faults) accept(c *connection) {
	if !fs.any() {
		return
	}
	always := func(*standing) bool { return true }
	for _, e := range fs.strike(func(e *effect) bool { return e.accept != nil }, always, "connection", c.name) {
		e.accept(c)
	}
	fs.server.feed.deliver()
}

func (fs *faults) handshake(connection string, config *tls.Config) error {
	if !fs.any() {
		return nil
	}
	always := func(*standing) bool { return true }
	for _, e := range fs.strike(func(e *effect) bool { return e.handshake != nil }, always, "TLS handshake", connection) {
		if err := e.handshake(fs.server, config); err != nil {
			return err
		}
	}
	fs.server.feed.deliver()
	return nil
}
