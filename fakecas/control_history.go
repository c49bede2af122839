package fakecas

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
)

func controlHistory(s *Server, w http.ResponseWriter, r *http.Request) {
	after := 0
	if v := r.URL.Query().Get("after"); v != "" {
		var err error
		if after, err = strconv.Atoi(v); err != nil || after < 0 {
			sendResult(w, 0, nil, fmt.Errorf("after: expected a whole number from 0 up, found %.20q", v))
			return
		}
	}
	sendControl(w, answer{status: http.StatusOK, body: s.feed.historyAfter(after)}, "application/x-ndjson")
}

func controlLedger(s *Server, w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines := json.NewEncoder(w)
	for e := range s.tenant.Ledger() {
		if lines.Encode(e) != nil {
			return
		}
	}
}
