package fakecas

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"
)

// controlRecords creates records; their ids are in the answer.
func controlRecords(s *Server, w http.ResponseWriter, r *http.Request) {
	body := struct {
		Type            Type `json:"type"`
		Count           int  `json:"count"`
		Ago, Over, Late string
	}{Type: Activity}
	err := readControl(r, &body)
	var spread Spread
	for _, d := range []struct {
		name, text string
		to         *time.Duration
	}{{"ago", body.Ago, &spread.Ago}, {"over", body.Over, &spread.Over}, {"late", body.Late, &spread.Late}} {
		if err == nil && d.text != "" {
			if *d.to, err = time.ParseDuration(d.text); err != nil || *d.to < 0 {
				err = fmt.Errorf("%s: %q: expected a duration such as 90s or 2h", d.name, d.text)
			}
		}
	}
	switch {
	case err != nil:
	case !slices.Contains([]Type{Activity, Alert}, body.Type):
		err = fmt.Errorf("type: %q: expected activity or alert", body.Type)
	case body.Count < 1 || body.Count > maxRecords:
		err = fmt.Errorf("count: %d: expected 1 to %d", body.Count, maxRecords)
	}
	var ids []string
	if err == nil {
		ids = s.tenant.ids(body.Type, s.tenant.AddRecords(body.Type, body.Count, spread), body.Count)
	}
	sendResult(w, http.StatusCreated, map[string][]string{"ids": ids}, err)
}

// maxRecords is how many records one request may create.
const maxRecords = 1_000_000

func controlImport(s *Server, w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<30))
	n := 0
	if err == nil {
		n, err = s.tenant.Import(body, r.URL.Query().Get("recent") == "true")
	}
	sendResult(w, http.StatusCreated, map[string]int{"added": n}, err)
}
