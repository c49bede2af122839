package simulator

import (
	"encoding/json"
	"io"
	"net/http"
)

// proxyCloser ends the proxy with its host.
type proxyCloser struct{ *ownProxy }

func (p proxyCloser) Close() error { return p.stop() }

// beProxy is the machine of the customer's proxy:
//
//	POST /host/proxy/start, balance, stop, inspect
//	POST /host/proxy/login      "Basic …", or "" for none
//	GET  /host/proxy/connected  how many tunnels were made
func beProxy(h *hosted, _ []string) (http.Handler, io.Closer, error) {
	p := &ownProxy{site: h}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /host/proxy/start", doing(p.start))
	mux.HandleFunc("POST /host/proxy/balance", doing(p.balance))
	mux.HandleFunc("POST /host/proxy/stop", doing(p.stop))
	mux.HandleFunc("POST /host/proxy/inspect", doing(p.inspect))
	mux.HandleFunc("POST /host/proxy/login", func(w http.ResponseWriter, r *http.Request) {
		var login string
		err := json.NewDecoder(r.Body).Decode(&login)
		if err == nil {
			err = p.demand(login)
		}
		answerJSON(w, struct{}{}, err)
	})
	mux.HandleFunc("GET /host/proxy/connected", func(w http.ResponseWriter, _ *http.Request) { answerJSON(w, p.connected(), nil) })
	return mux, proxyCloser{p}, nil
}
