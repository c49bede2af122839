package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"siemdrill/simulator/report"
)

// api is what the page, or a program, plays the Lab by: docs/serve.md describes
// it.
func (s *Session) api(mux *http.ServeMux) {
	for pattern, handle := range s.routes() {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := handle(w, r); err != nil {
				status := http.StatusBadRequest
				if errors.Is(err, ErrOver) {
					status = http.StatusServiceUnavailable
				}
				refuse(w, status, err)
			}
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		refuse(w, http.StatusNotFound, fmt.Errorf("%s %s is not part of the API", r.Method, r.URL.Path))
	})
}

// routes are the requests of the API, as http.ServeMux takes them.
func (s *Session) routes() map[string]func(http.ResponseWriter, *http.Request) error {
	return map[string]func(http.ResponseWriter, *http.Request) error{
		"GET /healthz":          getHealth,
		"GET /v1/state":         s.getState,
		"GET /v1/live":          s.stream,
		"POST /v1/command":      s.postCommand,
		"POST /v1/clock":        s.postClock,
		"POST /v1/files":        s.postFile,
		"GET /v1/script":        s.getScript,
		"DELETE /v1/script/{n}": s.deleteLine,
		"GET /v1/timeline":      s.getTimeline,
		"GET /v1/history":       s.getHistory,
		"GET /v1/ca":            s.getAuthority,
	}
}

func getHealth(w http.ResponseWriter, _ *http.Request) error {
	send(w, http.StatusOK, map[string]string{"status": "ok"})
	return nil
}

func (s *Session) getState(w http.ResponseWriter, r *http.Request) error {
	st, err := s.State(r.Context())
	if err == nil {
		send(w, http.StatusOK, st)
	}
	return err
}

func (s *Session) postCommand(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Command string `json:"command"`
		Ask     bool   `json:"ask"`
	}
	if err := read(w, r, &body); err != nil {
		return err
	}
	answer, err := s.Command(r.Context(), body.Command, body.Ask)
	if err == nil {
		send(w, http.StatusOK, answer)
	}
	return err
}

func (s *Session) postClock(w http.ResponseWriter, r *http.Request) error {
	var change Clock
	err := read(w, r, &change)
	if err == nil {
		err = s.SetClock(r.Context(), change)
	}
	if err != nil {
		return err
	}
	st, err := s.State(r.Context())
	if err == nil {
		send(w, http.StatusOK, st.Clock)
	}
	return err
}

func (s *Session) postFile(w http.ResponseWriter, r *http.Request) error {
	var body struct {
		Name string `json:"name"`
		Text string `json:"text"`
	}
	err := read(w, r, &body)
	if err == nil {
		err = s.AddFile(r.Context(), body.Name, []byte(body.Text))
	}
	if err == nil {
		w.WriteHeader(http.StatusNoContent)
	}
	return err
}

func (s *Session) getScript(w http.ResponseWriter, r *http.Request) error {
	query := r.URL.Query()
	text, err := s.Script(r.Context(), query.Get("title"), query.Get("truths") != "false")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="live.txtar"`)
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(text)
	return nil
}

func (s *Session) deleteLine(w http.ResponseWriter, r *http.Request) error {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		return fmt.Errorf("line %q: expected the number of one", r.PathValue("n"))
	}
	if err := s.Remove(r.Context(), n); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Session) getTimeline(w http.ResponseWriter, r *http.Request) error {
	seen, err := s.seen(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	return report.WriteTimeline(w, seen)
}

func (s *Session) getHistory(w http.ResponseWriter, r *http.Request) error {
	after := 0
	if text := r.URL.Query().Get("after"); text != "" {
		var err error
		if after, err = strconv.Atoi(text); err != nil || after < 0 {
			return fmt.Errorf("after is %q, expected the number of an event", text)
		}
	}
	events := s.lab.History.Events()
	w.Header().Set("Content-Type", "application/x-ndjson")
	w.Header().Set("Cache-Control", "no-store")
	out := json.NewEncoder(w)
	for _, e := range events[min(after, len(events)):] {
		if out.Encode(e) != nil {
			return nil // whoever asked is gone
		}
	}
	return nil
}

func (s *Session) getAuthority(w http.ResponseWriter, _ *http.Request) error {
	w.Header().Set("Content-Type", "application/x-pem-file")
	_, _ = w.Write(s.Reach().CA)
	return nil
}

// Between two states that are streamed lies a quarter of a second, or five times
// as long as one takes to make.
const (
	streamEvery = 250 * time.Millisecond
	streamShare = 5
)

// stream sends the state whenever something has changed.
func (s *Session) stream(w http.ResponseWriter, r *http.Request) error {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	control := http.NewResponseController(w)
	for {
		changed, began := s.news.wait(), time.Now()
		st, err := s.State(r.Context())
		if err != nil {
			return nil // the Lab or the reader is gone
		}
		text, err := json.Marshal(st)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", text); err != nil || control.Flush() != nil {
			return nil
		}
		if !pause(r, max(streamEvery, streamShare*time.Since(began))) {
			return nil
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return nil
		case <-s.over:
			return nil
		}
	}
}

// pause lets d of real time pass; false: the reader is gone.
func pause(r *http.Request, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}

// mostBody bounds what is read of a request.
const mostBody = 4 << 20

// read reads a JSON body strictly; whatever it says it is: who may send it was
// seen by its origin.
func read(w http.ResponseWriter, r *http.Request, v any) error {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostBody))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(v)
	if errors.Is(err, io.EOF) {
		err = errors.New("it is empty")
	}
	if err != nil {
		return fmt.Errorf("body: expected a JSON object: %w", err)
	}
	return nil
}
