package fakesyslog

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// controlled starts a server with a control API.
func controlled(t *testing.T) (s *Server, syslog, base string) {
	t.Helper()
	h := &History{}
	s = &Server{Hook: h.Add}
	addr, err := s.Start("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &Control{Server: s, History: h}
	ca, err := c.Start(":0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(); s.Close() })
	return s, addr.String(), "http://" + ca.String()
}

// call does a request and returns status and body. Pairs are headers; Host is
// the request's.
func call(t *testing.T, method, url, body string, pairs ...string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] == "Host" {
			req.Host = pairs[i+1]
		}
		req.Header.Set(pairs[i], pairs[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, strings.TrimSpace(string(b))
}

func TestControlInjectsListsAndHeals(t *testing.T) {
	g := NewWithT(t)
	_, address, base := controlled(t)
	status, body := call(t, "POST", base+"/v1/faults", `{"name":"refuse","for":"1h","seed":7,"later":"ignored"}`)
	g.Expect(status).To(Equal(201))
	g.Expect(body).To(Equal(`{"id":"refuse-1"}`))
	g.Expect(endOf(address)).To(HaveOccurred())

	_, body = call(t, "GET", base+"/v1/faults", "")
	var list []map[string]any
	g.Expect(json.Unmarshal([]byte(body), &list)).To(Succeed())
	g.Expect(list).To(HaveLen(1))
	g.Expect(list[0]).To(And(HaveKeyWithValue("name", "refuse"), HaveKeyWithValue("for", "1h0m0s"), HaveKeyWithValue("hits", 1.0)))

	status, _ = call(t, "DELETE", base+"/v1/faults/refuse-1", "")
	g.Expect(status).To(Equal(204))
	dial(t, address)
	status, body = call(t, "DELETE", base+"/v1/faults/refuse-1", "")
	g.Expect(status).To(Equal(404))
	g.Expect(body).To(ContainSubstring(`no fault with the id or name \"refuse-1\"`))

	call(t, "POST", base+"/v1/faults", `{"name":"refuse"}`)
	status, _ = call(t, "DELETE", base+"/v1/faults", "")
	g.Expect(status).To(Equal(204))
	dial(t, address)
}

func TestControlTellsWhatHappened(t *testing.T) {
	g := NewWithT(t)
	s, address, base := controlled(t)
	c := dial(t, address)
	fmt.Fprint(c, line(1)+line(2))
	g.Expect(s.Await(t.Context(), Parsed, 2)).To(Succeed())
	c.CloseWrite()
	readEnd(c)

	_, body := call(t, "GET", base+"/v1/ledger", "")
	label := c.LocalAddr().String() + ">" + address
	g.Expect(body).To(Equal(fmt.Sprintf(`{"id":"%s","place":"parsed","connection":"%s","offset":0}`+"\n"+
		`{"id":"%s","place":"parsed","connection":"%s","offset":%d}`, lineID(1), label, lineID(2), label, len(line(1)))))

	_, body = call(t, "GET", base+"/v1/history?after=1", "")
	first := strings.SplitN(body, "\n", 2)[0]
	var e eventJSON
	g.Expect(json.Unmarshal([]byte(first), &e)).To(Succeed())
	_, err := time.Parse(time.RFC3339Nano, e.T)
	g.Expect(err).NotTo(HaveOccurred())
	e.T = ""
	g.Expect(e).To(Equal(eventJSON{V: 1, Seq: 2, Source: "syslog", Kind: KindAccepted, Connection: label}))

	_, body = call(t, "POST", base+"/v1/report", fmt.Sprintf(`{"id":"%s"}`+"\n"+`{"id":"%s"}`, lineID(1), lineID(3)))
	var r Report
	g.Expect(json.Unmarshal([]byte(body), &r)).To(Succeed())
	g.Expect(r.Created).To(Equal(2))
	g.Expect(r.Arrived).To(Equal(1))
	g.Expect(r.Unexpected).To(Equal(1))
	g.Expect(r.Lost).To(Equal(map[string]int{"no trace": 1}))

	_, body = call(t, "GET", base+"/v1/state", "")
	g.Expect(body).To(ContainSubstring(`"parsed":2`))
	status, _ := call(t, "POST", base+"/v1/reset", "{}")
	g.Expect(status).To(Equal(204))
	_, body = call(t, "GET", base+"/v1/ledger", "")
	g.Expect(body).To(BeEmpty())
}

func TestControlRefuses(t *testing.T) {
	_, _, base := controlled(t)
	port := base[strings.LastIndex(base, ":"):]
	for _, c := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
		want                     string
	}{
		{"a foreign host", "GET", "/healthz", "", []string{"Host", "evil.example"}, 403, `Host is \"evil.example\"`},
		{"a foreign origin", "GET", "/healthz", "", []string{"Origin", "https://evil.example"}, 403, `Origin is \"https://evil.example\"`},
		{"an origin of null", "POST", "/v1/reset", "{}", []string{"Origin", "null"}, 403, `Origin is \"null\"`},
		{"its own origin", "GET", "/healthz", "", []string{"Origin", base}, 200, "ok"},
		{"localhost", "GET", "/healthz", "", []string{"Host", "localhost" + port}, 200, "ok"},
		{"a form", "POST", "/v1/faults", "name=reset", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415, "expected application/json"},
		{"no JSON", "POST", "/v1/faults", "name=reset", nil, 400, "body: "},
		{"too much", "POST", "/v1/faults", `{"name":"` + strings.Repeat("x", 2<<20), nil, 400, "too large"},
		{"an unknown fault", "POST", "/v1/faults", `{"name":"explode"}`, nil, 400, "expected one of accept-reset, "},
		{"a bad duration", "POST", "/v1/faults", `{"name":"reset","for":"soon"}`, nil, 400, "expected a duration"},
		{"an unknown path", "GET", "/v1/faulty", "", nil, 404, "not part of the API"},
		{"a bad number", "GET", "/v1/history?after=x", "", nil, 400, "expected the number of an event"},
		{"a bad ledger", "POST", "/v1/report", "hello", nil, 400, "line 1 of the tenant's ledger"},
		{"a clock that goes by itself", "POST", "/v1/clock/advance", `{"by":"1h"}`, nil, 409, "goes by itself"},
		{"a bad step", "POST", "/v1/clock/advance", `{"by":"-1h"}`, nil, 400, "expected a duration"},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := NewWithT(t)
			status, body := call(t, c.method, base+c.path, c.body, c.headers...)
			g.Expect(status).To(Equal(c.status), body)
			g.Expect(body).To(ContainSubstring(c.want))
		})
	}
	_, err := (&Control{}).Start("nowhere")
	NewWithT(t).Expect(err).To(MatchError(ContainSubstring("expected HOST:PORT")))
}

func TestHistoryKeepsTheLast(t *testing.T) {
	g := NewWithT(t)
	h := &History{Most: 3}
	for _, kind := range []string{"a", "b", "c", "d"} {
		h.Add(Event{Kind: kind})
	}
	events, first := h.After(0)
	g.Expect(first).To(Equal(uint64(2)))
	g.Expect(events).To(Equal([]Event{{Kind: "b"}, {Kind: "c"}, {Kind: "d"}}))
	events, first = h.After(3)
	g.Expect(first).To(Equal(uint64(4)))
	g.Expect(events).To(Equal([]Event{{Kind: "d"}}))
	events, _ = h.After(99)
	g.Expect(events).To(BeEmpty())
}

func TestAHistoryIsAskedForWhatIsFarAhead(t *testing.T) {
	g := NewWithT(t)
	_, _, base := controlled(t)
	for _, after := range []string{"18446744073709551615", "9223372036854775808"} {
		status, body := call(t, "GET", base+"/v1/history?after="+after, "")
		g.Expect(status).To(Equal(200), after)
		g.Expect(body).To(BeEmpty())
	}
}
