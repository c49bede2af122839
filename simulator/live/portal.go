package live

import (
	"errors"
	"net/http"
	"strings"
)

// portal is the fake's, to be looked at. What somebody changes there would not
// be in the script, so it is changed by commands.
func (s *Session) portal() http.Handler {
	portal := s.lab.CAS.Control()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/v1/"):
			refuse(w, http.StatusNotFound, errors.New("the service's control API is not to be had here: what it does would not be in the script"))
		case r.Method != http.MethodGet && r.Method != http.MethodHead:
			refuse(w, http.StatusForbidden, errors.New("it can only be looked at here"))
		default:
			portal.ServeHTTP(w, r)
		}
	})
}
