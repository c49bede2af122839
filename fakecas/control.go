package fakecas

import (
	"cmp"
	_ "embed"
	"errors"
	"io"
	"mime"
	"net/http"
)

// openAPI describes the control API.
//
//go:embed openapi.json
var openAPI []byte

// Control returns the control API under /v1 and the portal under /, and from
// its first call on keeps the history that it shows. It belongs on a listener of its own: it answers only
// requests for a local name or one of hosts, and none that a web page of
// another origin sends.
func (s *Server) Control(hosts ...string) http.Handler {
	s.ready()
	s.feed.keepHistory(s.settings().History)
	mux := http.NewServeMux()
	for _, r := range controlRoutes {
		mux.HandleFunc(r.pattern, func(w http.ResponseWriter, req *http.Request) {
			s.enter()
			defer s.serving.Done()
			defer s.feed.deliver()
			if req.Method == http.MethodPost || req.Method == http.MethodPatch {
				if media, _, _ := mime.ParseMediaType(req.Header.Get("Content-Type")); media != "application/json" {
					sendControl(w, refusal(http.StatusUnsupportedMediaType, "Content-Type: expected application/json"), "")
					return
				}
			}
			r.handle(s, w, req)
		})
	}
	newPortal(s).routes(mux)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		sendControl(w, refusal(http.StatusNotFound, "no such path or method; GET /v1/openapi.json has what there is"), "")
	})
	return s.dated(guarded(mux, hosts))
}

// dated gives answers the Clock's date, as the API's have it.
func (s *Server) dated(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Date", s.clock().Now().UTC().Format(http.TimeFormat))
		next.ServeHTTP(w, r)
	})
}

// controlRoute is one request of the control API.
type controlRoute struct {
	pattern string // as http.ServeMux takes it
	handle  func(s *Server, w http.ResponseWriter, r *http.Request)
}

var controlRoutes = []controlRoute{
	{"GET /healthz", func(s *Server, w http.ResponseWriter, r *http.Request) {
		sendControl(w, reply(http.StatusOK, map[string]string{"status": "ok"}), "")
	}},
	{"GET /v1/openapi.json", func(s *Server, w http.ResponseWriter, r *http.Request) {
		sendControl(w, answer{status: http.StatusOK, body: openAPI}, "")
	}},
	{"GET /v1/ca", func(s *Server, w http.ResponseWriter, r *http.Request) {
		if s.CAPEM() == nil {
			sendControl(w, refusal(http.StatusNotFound, "the API is not started, or its certificate was given"), "")
			return
		}
		sendControl(w, answer{status: http.StatusOK, body: s.CAPEM()}, "application/x-pem-file")
	}},
	{"GET /v1/faults", controlFaults},
	{"POST /v1/faults", controlInject},
	{"DELETE /v1/faults", controlHealAll},
	{"DELETE /v1/faults/{id}", controlHeal},
	{"GET /v1/history", controlHistory},
	{"GET /v1/ledger", controlLedger},
	{"POST /v1/clock/advance", controlAdvance},
	{"POST /v1/reset", controlReset},
	{"GET /v1/tenants", controlTenants},
	{"GET /v1/agents", controlAgents},
	{"POST /v1/agents", controlAddAgent},
	{"GET /v1/agents/{id}", controlAgent},
	{"PATCH /v1/agents/{id}", controlEditAgent},
	{"DELETE /v1/agents/{id}", controlDeleteAgent},
	{"POST /v1/agents/{id}/token", controlToken},
	{"POST /v1/tokens", controlAPIToken},
	{"POST /v1/records", controlRecords},
	{"POST /v1/records/import", controlImport},
}

// sendControl writes an answer; media "" is JSON.
func sendControl(w http.ResponseWriter, a answer, media string) {
	if a.status != http.StatusNoContent {
		w.Header().Set("Content-Type", cmp.Or(media, "application/json"))
	}
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body)
}

// sendResult writes v, or the error with what it says.
func sendResult(w http.ResponseWriter, status int, v any, err error) {
	switch {
	case errors.Is(err, errNoAgent):
		sendControl(w, refusal(http.StatusNotFound, err.Error()), "")
	case err != nil:
		sendControl(w, refusal(http.StatusBadRequest, err.Error()), "")
	case v == nil:
		sendControl(w, answer{status: http.StatusNoContent}, "")
	default:
		sendControl(w, reply(status, v), "")
	}
}

// readControl decodes a request's body strictly.
func readControl(r *http.Request, v any) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, 64<<20))
	if err != nil {
		return err
	}
	return decodeStrictly(body, v)
}
