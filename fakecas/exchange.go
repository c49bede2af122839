package fakecas

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// exchange is one request and what is known of it.
type exchange struct {
	server     *Server
	w          http.ResponseWriter
	r          *http.Request
	body       []byte
	path       string // without the slash at its end
	endpoint   endpoint
	token      string
	key        *key // nil: the token opens nothing
	connection *connection
}

// maxBody is the longest request body that is read.
const maxBody = 1 << 20

// connectionKey is where a request's context has its connection.
type connectionKey struct{}

// begin reads a request. The answer is set when it can't be read.
func (s *Server) begin(w http.ResponseWriter, r *http.Request) (*exchange, *answer) {
	x := &exchange{server: s, w: w, r: r, path: strings.TrimRight(r.URL.Path, "/")}
	x.connection, _ = r.Context().Value(connectionKey{}).(*connection)
	x.endpoint = endpointOf(x.path)
	x.token = tokenOf(r.Header.Get("Authorization"))
	x.key = s.Tenant().keyOf(x.token)
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	x.body = body
	switch {
	case err != nil:
		a := refusal(http.StatusBadRequest, "body: "+err.Error())
		return x, &a
	case len(body) > maxBody:
		a := refusal(http.StatusRequestEntityTooLarge, fmt.Sprintf("body: expected at most %d bytes", maxBody))
		return x, &a
	}
	return x, nil
}

// tokenOf returns the token of an Authorization header: the documented
// "Token", and "token" and "Bearer" as clients send them.
func tokenOf(header string) string {
	scheme, token, _ := strings.Cut(strings.TrimSpace(header), " ")
	switch strings.ToLower(scheme) {
	case "token", "bearer":
		return strings.TrimSpace(token)
	}
	return ""
}

// agent returns the agent whose token the request has, or nil.
func (x *exchange) agent() *agent {
	if x.key == nil {
		return nil
	}
	return x.key.agent
}

func (x *exchange) agentID() string {
	if a := x.agent(); a != nil {
		return a.id
	}
	return ""
}

// peer names the connection, also where the server doesn't own it.
func (x *exchange) peer() string {
	if x.connection != nil {
		return x.connection.name
	}
	return x.r.RemoteAddr + ">" + x.r.Host
}

// name is the request as Events have it.
func (x *exchange) name() string { return x.r.Method + " " + x.r.URL.Path }

func (x *exchange) now() time.Time { return x.server.clock().Now() }

// note records an Event of this request.
func (x *exchange) note(kind, detail string) {
	x.server.feed.note(Event{Time: x.now(), Kind: kind, Agent: x.agentID(), Connection: x.peer(), Detail: detail})
}

// wait lets time pass, unless the client goes or the server closes first. It
// is not work in hand.
func (x *exchange) wait(d time.Duration) error {
	c := x.server.clock()
	woken := make(chan struct{})
	c.Busy(-1)
	stop := c.AfterFunc(d, func() {
		c.Busy(+1)
		close(woken)
	})
	err := http.ErrServerClosed
	select {
	case <-woken:
		return nil
	case <-x.r.Context().Done():
		err = x.r.Context().Err()
	case <-x.server.done:
	}
	if stop() {
		c.Busy(+1) // else the callback does it
	}
	return err
}
