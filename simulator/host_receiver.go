package simulator

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync"

	"siemdrill/fakesyslog"
)

// receiverHost is the fake syslog server, which may be replaced by one of
// another kind.
type receiverHost struct {
	host    *hosted
	history fakesyslog.History

	mu     sync.Mutex
	server *fakesyslog.Server
}

// beReceiver has, beside the server's control API,
//
//	GET  /host/ca        whom to trust, PEM
//	GET  /host/lines     the last raw lines
//	POST /host/receiver  restarts it as one of another kind
func beReceiver(h *hosted, _ []string) (http.Handler, io.Closer, error) {
	r := &receiverHost{host: h}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, q *http.Request) {
		(&fakesyslog.Control{Server: r.current(), History: &r.history}).Handler().ServeHTTP(w, q)
	})
	mux.HandleFunc("GET /host/ca", func(w http.ResponseWriter, _ *http.Request) { w.Write(r.current().CAPEM()) })
	mux.HandleFunc("GET /host/lines", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, r.current().Lines(), nil) })
	mux.HandleFunc("POST /host/receiver", func(w http.ResponseWriter, q *http.Request) {
		var kind receiverKind
		err := json.NewDecoder(q.Body).Decode(&kind)
		if err == nil {
			err = r.current().Close()
		}
		if err == nil {
			err = r.open(kind)
		}
		answerJSON(w, struct{}{}, err)
	})
	return mux, r, r.open(receiverKind{})
}

func (r *receiverHost) open(kind receiverKind) error {
	s := newReceiver(r.host, r.host.seed, kind)
	s.Hook = r.history.Add
	r.mu.Lock()
	r.server = s
	r.mu.Unlock()
	return openReceiver(s)
}

func (r *receiverHost) current() *fakesyslog.Server {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.server
}

func (r *receiverHost) Close() error { return r.current().Close() }

// beNames answers for names: NAME=ADDRESS each.
func beNames(h *hosted, arguments []string) (http.Handler, io.Closer, error) {
	known := map[string][]netip.Addr{}
	for _, word := range arguments {
		name, text, _ := strings.Cut(word, "=")
		address, err := netip.ParseAddr(text)
		if err != nil {
			return nil, nil, fmt.Errorf("%w: %q: expected NAME=ADDRESS", errHostCall, word)
		}
		known[name] = append(known[name], address)
	}
	history := new(fakesyslog.History)
	s := &fakesyslog.Server{Clock: h.clock(), ListenPacket: h.place("names").listenPacket, Seed: h.seed, Hook: history.Add}
	_, err := s.StartNames(fmt.Sprintf(":%d", namesPort), known)
	return (&fakesyslog.Control{Server: s, History: history}).Handler(), s, err
}
