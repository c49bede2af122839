package live_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/simulator"
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
		{"POST", "v1/command", `{"command":"machine pause cas"}`, 400, "the fakes are part of this process: they have no machine"},
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

// What somebody does in the portal is in the script as the commands that do the
// same.
func TestThePortal(t *testing.T) {
	s := serve(t, "-paused")
	s.opened()
	s.plays("cas activities 5", "advance 5m")
	id := regexp.MustCompile(`/agents/([0-9a-f]+)/edit`).FindStringSubmatch(s.shows("GET", "", nil))[1]
	edit := regexp.MustCompile(`name="(host|port)"[^>]* value="([^"]*)"`).FindAllStringSubmatch(s.shows("GET", "agents/"+id+"/edit", nil), -1)
	s.Expect(edit).To(HaveLen(2))

	s.shows("POST", "agents/"+id+"/regenerate", url.Values{})
	s.shows("POST", "agents/"+id+"/edit", url.Values{"name": {"agent"}, "format": {"Generic CEF"}, "timeFormat": {"RFC 3164"}, "includePRI": {"true"},
		"host": {edit[0][2]}, "port": {edit[1][2]}, "protocol": {"TCP"}, "activities": {"true"}})
	s.shows("POST", "agents/new", url.Values{"step": {"3"}, "name": {"The second"}, "format": {"Generic CEF"}, "timeFormat": {"RFC 5424"},
		"host": {"siem.contoso.com"}, "port": {"514"}, "protocol": {"TCP"}, "activities": {"true"}, "alerts": {"true"}})
	s.plays("agent stop", "agent start", "agent start -name 'The second'", "cas activities 5", "advance 10m")
	st := s.state()
	s.Expect(st.Agents).To(HaveLen(2))
	for _, a := range st.Agents {
		s.Expect(a.Status).To(Equal("Connected"), a.Name)
		s.Expect(a.Notifications).To(BeEmpty(), a.Name)
	}
	second := regexp.MustCompile(`/agents/([0-9a-f]+)/edit">[^<]*</a>`).FindAllStringSubmatch(s.shows("GET", "", nil), -1)
	other := second[0][1]
	if other == id {
		other = second[1][1]
	}
	s.shows("POST", "agents/"+other+"/delete", url.Values{})
	s.plays("advance 10m", "agent exited 0 -name 'The second'")

	text := s.saved()
	s.Expect(text).To(ContainSubstring("\nadvance 5m\nportal regenerate-token\nportal edit agent-2.json\nportal add -config agent-3.json -name 'The second'\nagent stop\n"))
	s.Expect(text).To(ContainSubstring("\nadvance 10m\nportal delete -name 'The second'\nadvance 10m\n"))
	s.Expect(text).To(MatchRegexp(`(?s)-- agent-2.json --.*"host": "siem.contoso.com",\s+"port": 514,.*"timeFormat": "RFC 3164".*-- agent-3.json --`))
	result := replays(t, text)
	s.Expect(result.Verdict).To(Equal(simulator.Passed), "%s\n%s", result.Reason, text)
	s.Expect(s.ends()).To(BeZero())
}

// What is wrong in a form is said, and nothing is recorded.
func TestThePortalsErrors(t *testing.T) {
	s := serve(t, "-paused")
	s.opened()
	id := regexp.MustCompile(`/agents/([0-9a-f]+)/edit`).FindStringSubmatch(s.shows("GET", "", nil))[1]
	s.Expect(s.shows("POST", "agents/"+id+"/edit", url.Values{"port": {"x"}})).To(ContainSubstring("expected 1 to 65535"))
	s.Expect(s.state().Script).To(HaveLen(1))
	s.Expect(s.shows("GET", "v1/faults", nil)).To(ContainSubstring("would not be in the script"))
	request, err := http.NewRequest("POST", s.portal+"agents/"+id+"/delete", nil)
	s.Expect(err).NotTo(HaveOccurred())
	request.Header.Set("Origin", "http://attacker.test")
	status, _ := s.sends(request)
	s.Expect(status).To(Equal(http.StatusForbidden))
	s.Expect(s.state().Agents[0].Status).To(Equal("Created"))
	s.Expect(s.ends()).To(BeZero())
}

// shows is what the portal answers.
func (s *served) shows(method, path string, form url.Values) string {
	s.t.Helper()
	request, err := http.NewRequest(method, s.portal+path, strings.NewReader(form.Encode()))
	s.Expect(err).NotTo(HaveOccurred())
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	_, answer := s.sends(request)
	return answer
}
