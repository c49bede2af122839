package fakesyslog

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// Control is an HTTP API, on a listener of its own, by which a script injects
// faults and asks what happened. It refuses requests whose Host or Origin is
// not its own address, so that a web page in a browser can't reach it.
//
//	GET    /healthz
//	GET    /v1/faults           the active ones
//	POST   /v1/faults           injects one; answers with its id
//	DELETE /v1/faults[/ID]      heals all, or those with this id or name
//	GET    /v1/history?after=N  one event a line
//	GET    /v1/ledger           one entry a line
//	GET    /v1/state            connections and counts
//	POST   /v1/report           compares with a tenant's ledger: one object with an id a line
//	POST   /v1/clock/advance    {"by": "1h"}; only with a stepped clock
//	POST   /v1/reset            heals all, forgets ledger and history
type Control struct {
	Server  *Server
	History *History                  // what /v1/history gives; nil gives none
	Advance func(time.Duration) error // moves the server's clock; nil where it goes by itself
	Listen  func(ctx context.Context, network, address string) (net.Listener, error)

	own     string // the address that a Host must name
	server  http.Server
	running sync.WaitGroup
}

// maxBody bounds what is read of a request, but for a tenant's ledger.
const maxBody = 1 << 20

// Start listens on an address; the port alone (":8080") means the loopback.
func (c *Control) Start(address string) (net.Addr, error) {
	listen := c.Listen
	if listen == nil {
		listen = new(net.ListenConfig).Listen
	}
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("control address %q: expected HOST:PORT or :PORT", address)
	}
	if host == "" {
		host = "127.0.0.1"
	}
	ln, err := listen(context.Background(), "tcp", net.JoinHostPort(host, port))
	if err != nil {
		return nil, fmt.Errorf("control: %w", err)
	}
	c.own = ln.Addr().String()
	c.server.Handler = c.guard(c.Handler())
	c.running.Go(func() { c.server.Serve(ln) })
	return ln.Addr(), nil
}

// Close ends the API and waits until its listener is closed.
func (c *Control) Close() error {
	err := c.server.Close()
	c.running.Wait()
	return err
}

// guard refuses what does not come from a program that was told the address.
func (c *Control) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !c.isOwn(r.Host) {
			refuseRequest(w, http.StatusForbidden, fmt.Sprintf("Host is %q, expected %s", r.Host, c.own))
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" {
			u, err := url.Parse(origin)
			if err != nil || u.Scheme != "http" || !c.isOwn(u.Host) {
				refuseRequest(w, http.StatusForbidden, fmt.Sprintf("Origin is %q, expected none or http://%s", origin, c.own))
				return
			}
		}
		if r.Method == http.MethodPost {
			kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
			if err != nil || kind != "application/json" && kind != "application/x-ndjson" {
				refuseRequest(w, http.StatusUnsupportedMediaType, fmt.Sprintf("Content-Type is %q, expected application/json", r.Header.Get("Content-Type")))
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

func (c *Control) isOwn(host string) bool {
	_, port, _ := net.SplitHostPort(c.own)
	return host == c.own || host == net.JoinHostPort("localhost", port)
}

// Handler is the API without the guard of Start.
func (c *Control) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, map[string]string{"status": "ok"}) })
	mux.HandleFunc("GET /v1/faults", c.faults)
	mux.HandleFunc("POST /v1/faults", c.inject)
	mux.HandleFunc("DELETE /v1/faults", c.healAll)
	mux.HandleFunc("DELETE /v1/faults/{id}", c.heal)
	mux.HandleFunc("GET /v1/history", c.history)
	mux.HandleFunc("GET /v1/ledger", c.ledger)
	mux.HandleFunc("GET /v1/state", func(w http.ResponseWriter, _ *http.Request) { answer(w, c.Server.State()) })
	mux.HandleFunc("POST /v1/report", c.report)
	mux.HandleFunc("POST /v1/clock/advance", c.advance)
	mux.HandleFunc("POST /v1/reset", c.reset)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuseRequest(w, http.StatusNotFound, fmt.Sprintf("%s %s is not part of the API", r.Method, r.URL.Path))
	})
	return mux
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(v)
}

func refuseRequest(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(map[string]string{"error": text})
}

// read reads a JSON body of bounded size into v.
func read(w http.ResponseWriter, r *http.Request, v any) bool {
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody)).Decode(v)
	if err != nil {
		refuseRequest(w, http.StatusBadRequest, fmt.Sprintf("body: %v", err))
	}
	return err == nil
}

func (c *Control) faults(w http.ResponseWriter, _ *http.Request) {
	type active struct {
		faultJSON
		Since time.Time `json:"since"`
		Hits  int       `json:"hits"`
	}
	list := []active{}
	for _, f := range c.Server.Faults() {
		list = append(list, active{f.json(), f.Since, f.Hits})
	}
	answer(w, list)
}

func (c *Control) inject(w http.ResponseWriter, r *http.Request) {
	var f Fault
	if !read(w, r, &f) {
		return
	}
	id, err := c.Server.Inject(f)
	if err != nil {
		refuseRequest(w, http.StatusBadRequest, err.Error())
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusCreated)
	json.NewEncoder(w).Encode(map[string]string{"id": id})
}

func (c *Control) healAll(w http.ResponseWriter, _ *http.Request) {
	if err := c.Server.healAll(); err != nil {
		refuseRequest(w, http.StatusInternalServerError, err.Error())
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (c *Control) heal(w http.ResponseWriter, r *http.Request) {
	switch err := c.Server.Heal(r.PathValue("id")); {
	case err == nil:
		w.WriteHeader(http.StatusNoContent)
	case errors.Is(err, errNoFault):
		refuseRequest(w, http.StatusNotFound, err.Error())
	default:
		refuseRequest(w, http.StatusInternalServerError, err.Error())
	}
}

func (c *Control) history(w http.ResponseWriter, r *http.Request) {
	after := uint64(0)
	if text := r.URL.Query().Get("after"); text != "" {
		var err error
		if after, err = strconv.ParseUint(text, 10, 64); err != nil {
			refuseRequest(w, http.StatusBadRequest, fmt.Sprintf("after is %q, expected the number of an event", text))
			return
		}
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	if c.History == nil {
		return
	}
	events, seq := c.History.After(after)
	for i, e := range events {
		w.Write(e.line(seq + uint64(i)))
	}
}

func (c *Control) ledger(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	for _, e := range c.Server.Arrivals() {
		w.Write(e.line())
	}
}

func (c *Control) report(w http.ResponseWriter, r *http.Request) {
	report, err := c.Server.Ledger().Report(r.Body)
	if err != nil {
		refuseRequest(w, http.StatusBadRequest, err.Error())
		return
	}
	answer(w, report)
}

func (c *Control) advance(w http.ResponseWriter, r *http.Request) {
	var body struct{ By string }
	if !read(w, r, &body) {
		return
	}
	d, err := time.ParseDuration(body.By)
	if err != nil || d < 0 {
		refuseRequest(w, http.StatusBadRequest, fmt.Sprintf("by is %q, expected a duration such as 1h30m", body.By))
		return
	}
	if c.Advance == nil {
		refuseRequest(w, http.StatusConflict, "the server's clock is the system's and goes by itself")
		return
	}
	if err := c.Advance(d); err != nil {
		refuseRequest(w, http.StatusInternalServerError, err.Error())
		return
	}
	answer(w, map[string]string{"now": c.Server.now().UTC().Format(time.RFC3339Nano)})
}

func (c *Control) reset(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, http.MaxBytesReader(w, r.Body, maxBody))
	if err := c.Server.healAll(); err != nil {
		refuseRequest(w, http.StatusInternalServerError, err.Error())
		return
	}
	c.Server.Ledger().Reset()
	if c.History != nil {
		c.History.Reset()
	}
	w.WriteHeader(http.StatusNoContent)
}
