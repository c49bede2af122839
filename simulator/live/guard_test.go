package live

import (
	"net/http"
	"net/http/httptest"
	"testing"

	. "github.com/onsi/gomega"
)

// A page that a browser has from somewhere else can't play the Lab.
func TestTheLabIsNotForOtherPages(t *testing.T) {
	handler := guarded(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}), "192.0.2.7:8642")
	for _, c := range []struct {
		method, host, origin, site, mode string
		status                           int
	}{
		{"POST", "localhost:8642", "", "", "", 200},
		{"POST", "127.0.0.1:8642", "", "", "", 200},
		{"POST", "[::1]:8642", "", "", "", 200},
		{"POST", "192.0.2.7:8642", "", "", "", 200},
		{"POST", "localhost:8642", "http://localhost:8642", "same-origin", "cors", 200},
		{"GET", "localhost:8642", "", "none", "navigate", 200},
		{"GET", "localhost:8642", "", "cross-site", "navigate", 200},
		{"GET", "localhost:8642", "", "cross-site", "no-cors", 403},
		{"POST", "localhost:8642", "http://attacker.test", "cross-site", "navigate", 403},
		{"POST", "localhost:8642", "http://attacker.test", "", "", 403},
		{"POST", "localhost:8642", "http://localhost:9999", "", "", 403},
		{"POST", "localhost:8642", "null", "", "", 403},
		{"POST", "localhost:8642", "", "same-site", "cors", 403},
		{"GET", "attacker.test:8642", "", "", "", 403},
		{"GET", "192.0.2.8:8642", "", "", "", 403},
		{"GET", "localhost.attacker.test", "", "", "", 403},
		{"GET", "", "", "", "", 403},
	} {
		r := httptest.NewRequest(c.method, "/v1/command", nil)
		r.Host = c.host
		for name, value := range map[string]string{"Origin": c.origin, "Sec-Fetch-Site": c.site, "Sec-Fetch-Mode": c.mode} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		NewWithT(t).Expect(answer.Code).To(Equal(c.status), "%+v", c)
	}
}
