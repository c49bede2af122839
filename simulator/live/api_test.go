package live_test

import (
	"net/http"
	"strings"
	"testing"

	. "github.com/onsi/gomega"
)

// What is wrong with a request is one line, with the status that says whose
// fault it is.
func TestBadRequests(t *testing.T) {
	s := serve(t, "-paused")
	s.opened()
	before := s.state()
	for _, c := range []struct {
		method, path, body string
		status             int
		wants              string
	}{
		{"POST", "v1/command", `{"command":"advance 1x"}`, 400, `advance 1x: \"1x\" is no duration`},
		{"POST", "v1/command", `{"command":"dance"}`, 400, `unknown command \"dance\"`},
		{"POST", "v1/command", `{"command":""}`, 400, "expected one command, on one line"},
		{"POST", "v1/command", `{"command":"agent stop\nagent start"}`, 400, "expected one command, on one line"},
		{"POST", "v1/command", `{"command":"! agent stop"}`, 400, "! is for assertions only"},
		{"POST", "v1/command", `{"command":"? agent stop"}`, 400, "not allowed"},
		{"POST", "v1/command", `{"command":"agent start"}`, 400, `the agent \"agent\" runs already`},
		{"POST", "v1/command", `{"command":"proxy balance"}`, 400, "the load balancer is part of the network in memory"},
		{"POST", "v1/command", `{"command":"portal edit nope.json"}`, 400, "the file nope.json is missing"},
		{"POST", "v1/command", `{"line":"agent stop"}`, 400, `unknown field \"line\"`},
		{"POST", "v1/command", ``, 400, "body: expected a JSON object: it is empty"},
		{"POST", "v1/clock", `{"speed":0}`, 400, "speed 0: expected 1 to 3600"},
		{"POST", "v1/clock", `{"speed":"fast"}`, 400, "body: expected a JSON object"},
		{"POST", "v1/files", `{"name":"agent.json","text":"{}"}`, 400, "is there already"},
		{"POST", "v1/files", `{"name":"a b","text":"{}"}`, 400, "expected a file's name"},
		{"DELETE", "v1/script/x", ``, 400, `line \"x\": expected the number of one`},
		{"DELETE", "v1/script/1", ``, 400, "has changed the Lab"},
		{"GET", "v1/history?after=-1", ``, 400, "expected the number of an event"},
		{"GET", "v1/nothing", ``, 404, "is not part of the API"},
		{"PUT", "v1/state", ``, 404, "is not part of the API"},
	} {
		request, err := http.NewRequest(c.method, s.page+c.path, strings.NewReader(c.body))
		s.Expect(err).NotTo(HaveOccurred())
		status, answer := s.sends(request)
		s.Expect(status).To(Equal(c.status), "%+v: %s", c, answer)
		s.Expect(answer).To(ContainSubstring(c.wants))
		s.Expect(strings.Count(answer, "\n")).To(Equal(1))
	}
	s.Expect(s.state().Script).To(Equal(before.Script), "nothing of that was recorded")
	s.Expect(s.ends()).To(BeZero())
}

// What the page needs is there, and may be read by that page alone.
func TestWhatIsServed(t *testing.T) {
	s := serve(t, "-paused")
	s.opened()
	for path, wants := range map[string]string{
		"":                   "<h2 id=\"h-line\">Time line</h2>",
		"live.js":            "class TimeLine",
		"live.css":           ".band",
		"healthz":            `{"status":"ok"}`,
		"v1/timeline":        `"lanes":`,
		"v1/history?after=0": `"kind":"command"`,
		"v1/ca":              "BEGIN CERTIFICATE",
		"v1/script":          "agent start",
	} {
		status, answer := s.asks("GET", path, nil)
		s.Expect(status).To(Equal(http.StatusOK), path)
		s.Expect(string(answer)).To(ContainSubstring(wants), path)
	}
	response, err := http.Get(s.page)
	s.Expect(err).NotTo(HaveOccurred())
	response.Body.Close()
	s.Expect(response.Header.Get("Content-Security-Policy")).To(HavePrefix("default-src 'none'; style-src 'self'; script-src 'self'"))
	s.Expect(s.ends()).To(BeZero())
}

// An assertion that is only asked leaves no trace in the script.
func TestAsking(t *testing.T) {
	s := serve(t, "-paused")
	s.opened()
	status, answer := s.asks("POST", "v1/command", map[string]any{"command": "portal status Disconnected", "ask": true})
	s.Expect(status).To(Equal(http.StatusOK))
	s.Expect(string(answer)).To(ContainSubstring(`"asked":true,"holds":false,"found":"Created (no contact yet)"`))
	s.Expect(s.state().Script).To(HaveLen(1))
	s.Expect(s.state().Verdict).To(BeEquivalentTo("passed"))
	s.Expect(s.ends()).To(BeZero())
}

// The portal can be looked at; what would not be in the script can't be done.
func TestThePortal(t *testing.T) {
	s := serve(t, "-paused")
	s.opened()
	id := func() string {
		_, page := s.gets(s.portal)
		s.Expect(page).To(ContainSubstring("SIEM agents"))
		_, rest, _ := strings.Cut(page, `/agents/`)
		for !strings.HasPrefix(strings.TrimLeft(rest, "0123456789abcdef"), "/edit") {
			_, rest, _ = strings.Cut(rest, `/agents/`)
		}
		id, _, _ := strings.Cut(rest, "/")
		return id
	}()
	status, _ := s.gets(s.portal + "v1/faults")
	s.Expect(status).To(Equal(http.StatusNotFound))
	request, err := http.NewRequest("POST", s.portal+"agents/"+id+"/delete", nil)
	s.Expect(err).NotTo(HaveOccurred())
	request.Header.Set("Origin", "http://attacker.test")
	status, _ = s.sends(request)
	s.Expect(status).To(Equal(http.StatusForbidden))
	s.Expect(s.ends()).To(BeZero())
}
