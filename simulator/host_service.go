package simulator

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"

	"siemdrill/agent/console"
)

// beService is the fake service; beside its control API it has
//
//	POST /host/admin/remove  and  /host/admin/restore
//	PUT  /host/agents/ID     the whole configuration, what is absent included
func beService(h *hosted, _ []string) (http.Handler, io.Closer, error) {
	s := newService(h, h.seed, serviceURL(h))
	mux := http.NewServeMux()
	mux.Handle("/", s.Control()) // which keeps the history from now on
	mux.HandleFunc("POST /host/admin/remove", doing(ownService{s}.removeAdmin))
	mux.HandleFunc("POST /host/admin/restore", doing(ownService{s}.restoreAdmin))
	mux.HandleFunc("PUT /host/agents/{id}", func(w http.ResponseWriter, r *http.Request) {
		var to console.Configuration
		err := json.NewDecoder(r.Body).Decode(&to)
		if err == nil {
			err = ownService{s}.editAgent(r.PathValue("id"), to)
		}
		answerJSON(w, struct{}{}, err)
	})
	return mux, s, s.Start(":" + strconv.Itoa(servicePort))
}
