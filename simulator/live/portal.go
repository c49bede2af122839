package live

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"siemdrill/simulator"
)

// portal is the fake's. What somebody does there is recorded as the commands
// that do the same.
func (s *Session) portal() http.Handler {
	portal := s.lab.CAS.Control()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/v1/"):
			refuse(w, http.StatusNotFound, errors.New("the service's control API is not to be had here: what it does would not be in the script"))
		case r.Method == http.MethodGet || r.Method == http.MethodHead:
			portal.ServeHTTP(w, r)
		case s.lab.Runner == simulator.Forwarder:
			refuse(w, http.StatusForbidden, errors.New("a plain forwarder makes no contact: what is changed in the portal would never reach it"))
		default:
			s.change(portal, w, r)
		}
	})
}

// change lets the portal take a form.
func (s *Session) change(portal http.Handler, w http.ResponseWriter, r *http.Request) {
	form, err := io.ReadAll(http.MaxBytesReader(w, r.Body, mostBody)) // nobody waits for a slow reader's network later
	if err != nil {
		refuse(w, http.StatusBadRequest, fmt.Errorf("form: %w", err))
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(form))
	err = s.send(r.Context(), s.commands, func() {
		defer s.news.tell()
		commands, err := s.lab.InPortal(func() { portal.ServeHTTP(w, r) })
		for _, c := range commands {
			s.recorder.Add(Line{Text: c, At: s.lab.Now()})
		}
		if err != nil {
			s.stop(err)
		}
	})
	if err != nil {
		refuse(w, http.StatusServiceUnavailable, err)
	}
}
