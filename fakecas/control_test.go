package fakecas

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// control sends a request to the control API, as JSON.
func (w *world) control(method, path, body string, header ...string) response {
	r := httptest.NewRequest(method, "http://localhost"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			r.Host = header[i+1]
		}
		r.Header.Set(header[i], header[i+1])
	}
	rec := httptest.NewRecorder()
	w.Control().ServeHTTP(rec, r)
	return response{rec.Code, rec.Header(), rec.Body.Bytes(), nil}
}

// lines decodes one object a line.
func (r response) lines(g *WithT) []map[string]any {
	var out []map[string]any
	for s := bufio.NewScanner(bytes.NewReader(r.body)); s.Scan(); {
		var v map[string]any
		g.ExpectWithOffset(1, json.Unmarshal(s.Bytes(), &v)).To(Succeed())
		out = append(out, v)
	}
	return out
}

func TestControlOfFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Expect(string(w.control("GET", "/v1/faults", "").body)).To(Equal("[]"))
		r := w.control("POST", "/v1/faults", `{"name":"status","where":"alerts","args":{"code":"502"},"for":"1h"}`)
		w.Expect(r.status).To(Equal(201))
		w.Expect(r.json(w.WithT)["id"]).To(Equal("f1"))
		w.Expect(w.statuses("/api/v1/alerts/", 1)).To(Equal([]int{502}))
		w.Expect(w.control("GET", "/v1/faults", "").body).To(MatchJSON(`[{"id":"f1","name":"status","where":"alerts","args":{"code":"502"},"for":"1h0m0s"}]`))
		w.Expect(w.control("DELETE", "/v1/faults/f1", "").status).To(Equal(204))
		w.Expect(w.control("DELETE", "/v1/faults/f1", "").status).To(Equal(404))
		w.Expect(w.control("POST", "/v1/faults", `{"name":"refuse"}`).status).To(Equal(201))
		w.Expect(w.control("DELETE", "/v1/faults", "").status).To(Equal(204))
		w.Expect(w.statuses("/api/v1/alerts/", 1)).To(Equal([]int{200}))
		for body, reason := range map[string]string{
			`{"name":"x"}`:                `fault "x": unknown; expected one of admin-removed, black-hole`,
			`{"name":"status","for":"x"}`: "for: \"x\": expected a duration",
			`{"name":"status","often":1}`: "often",
			`{"name":"status"`:            "body: expected a JSON object",
			``:                            "body: expected a JSON object",
		} {
			r := w.control("POST", "/v1/faults", body)
			w.Expect(r.status).To(Equal(400), body)
			w.Expect(r.detail(w.WithT)).To(ContainSubstring(reason))
		}
	})
}

func TestControlOfRecordsAndAgents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.control("GET", "/v1/history", "")
		r := w.control("POST", "/v1/records", `{"count":3,"ago":"1h","over":"1m"}`)
		w.Expect(r.status).To(Equal(201), "%s", r.body)
		w.Expect(r.json(w.WithT)["ids"]).To(HaveLen(3))
		w.Expect(w.control("POST", "/v1/records", `{"type":"alert","count":1}`).status).To(Equal(201))
		w.Expect(w.control("POST", "/v1/records/import?recent=true", someRecords).json(w.WithT)["added"]).To(Equal(3.0))
		ledger := w.control("GET", "/v1/ledger", "").lines(w.WithT)
		w.Expect(ledger).To(HaveLen(7))
		w.Expect(ledger[0]).To(HaveKeyWithValue("type", "activity"))
		for _, bad := range []string{`{"count":0}`, `{"count":1,"type":"x"}`, `{"count":1,"ago":"x"}`, `{"count":2000000}`} {
			w.Expect(w.control("POST", "/v1/records", bad).status).To(Equal(400), bad)
		}

		r = w.control("POST", "/v1/agents", `{"name":"second","remote":{"host":"siem","port":514}}`)
		w.Expect(r.status).To(Equal(201), "%s", r.body)
		id, token := r.json(w.WithT)["_id"].(string), r.json(w.WithT)["token"].(string)
		w.Expect(w.control("PATCH", "/v1/agents/second", `{"remote":{"port":1514}}`).status).To(Equal(200))
		v, _ := w.Tenant().Agent(id)
		w.Expect(v.Configuration.Remote.Port).To(Equal(1514))
		w.Expect(v.Configuration.Remote.Host).To(Equal("siem"), "what is left out stays, inside as well")
		w.token = token
		w.Expect(w.contact().status).To(Equal(200))
		w.token = w.control("POST", "/v1/agents/"+id+"/token", `{}`).json(w.WithT)["token"].(string)
		w.Expect(w.contact().status).To(Equal(200))
		w.Expect(w.control("GET", "/v1/agents/second", "").json(w.WithT)["status"]).To(Equal("Connected"))
		w.Expect(w.control("DELETE", "/v1/agents/second", "").status).To(Equal(204))
		w.Expect(w.control("GET", "/v1/agents/second", "").status).To(Equal(404))
		w.Expect(w.control("PATCH", "/v1/agents/second", "{}").status).To(Equal(404))
		w.token = w.control("POST", "/v1/tokens", "{}").json(w.WithT)["token"].(string)
		w.Expect(w.do("GET", "/api/v1/agents/siem/", nil).status).To(Equal(200))
		w.Expect(string(w.control("GET", "/v1/tenants", "").body)).To(ContainSubstring(`"activities":5`))
	})
}

func TestControlOfHistoryAndReset(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.control("GET", "/healthz", "")
		w.contact()
		lines := w.control("GET", "/v1/history", "").lines(w.WithT)
		kinds := []string{}
		for i, l := range lines {
			w.Expect(l["seq"]).To(BeEquivalentTo(i + 1))
			w.Expect(l).To(HaveKeyWithValue("source", "cas"))
			kinds = append(kinds, l["kind"].(string))
		}
		w.Expect(kinds).To(Equal([]string{"contact", "status", "request"}))
		w.Expect(w.control("GET", "/v1/history?after=2", "").lines(w.WithT)).To(HaveLen(1))
		w.Expect(w.control("GET", "/v1/history?after=99", "").body).To(BeEmpty())
		w.Expect(w.control("GET", "/v1/history?after=x", "").status).To(Equal(400))

		w.Tenant().AddActivities(2, Spread{})
		w.inject("status")
		w.Expect(w.control("POST", "/v1/reset", "{}").status).To(Equal(204))
		w.Expect(w.control("GET", "/v1/history", "").body).To(BeEmpty())
		w.Expect(w.control("GET", "/v1/ledger", "").body).To(BeEmpty())
		w.Expect(w.contact().status).To(Equal(401))
		w.Expect(w.Faults()).To(BeEmpty())
		a, err := w.Tenant().AddAgent(configured("drill"))
		w.Expect(err).NotTo(HaveOccurred())
		w.Expect(a.ID).To(Equal(w.agent), "ids start again")
	})
}

func TestHistoryIsBounded(t *testing.T) {
	g := NewWithT(t)
	h := newHistory(10)
	for i := range 1000 {
		h.add(Event{Detail: fmt.Sprint(i + 1)})
	}
	g.Expect(len(h.list)).To(BeNumerically("<=", 20))
	lines := response{body: h.after(0)}.lines(g)
	for _, l := range lines {
		g.Expect(fmt.Sprint(l["seq"])).To(Equal(l["detail"]))
	}
	g.Expect(lines[len(lines)-1]["seq"]).To(Equal(1000.0))
	g.Expect(response{body: h.after(997)}.lines(g)).To(HaveLen(3))
}

func TestControlOfTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Expect(w.control("POST", "/v1/clock/advance", `{"by":"1h"}`).status).To(Equal(409))
	})
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, func(s *Server) { s.Clock = &FastClock{} })
		w.contact()
		w.Expect(w.control("POST", "/v1/clock/advance", `{"by":"soon"}`).status).To(Equal(400))
		start := time.Now()
		r := w.control("POST", "/v1/clock/advance", `{"by":"13h"}`)
		w.Expect(r.status).To(Equal(200))
		w.Expect(r.json(w.WithT)["now"]).To(Equal(start.Add(13 * time.Hour).UTC().Format(time.RFC3339)))
		w.Expect(w.events.of(KindStatus)).To(Equal([]string{"Connected", "Connection error", "Disconnected"}))
	})
}

// A page that a browser loaded from somewhere else can't reach the control.
func TestControlIsNotForWebPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for _, host := range []string{"localhost", "localhost:8080", "127.0.0.1:1", "[::1]:1", "127.1.2.3"} {
			w.Expect(w.control("GET", "/v1/faults", "", "Host", host).status).To(Equal(200), host)
		}
		for _, host := range []string{"attacker.test", "attacker.test:8080", "192.0.2.1", "localhost.attacker.test", ""} {
			w.Expect(w.control("GET", "/v1/faults", "", "Host", host).status).To(Equal(403), host)
		}
		for _, origin := range []string{"http://attacker.test", "null", "https://localhost:99", "http://"} {
			w.Expect(w.control("POST", "/v1/reset", "{}", "Origin", origin).status).To(Equal(403), origin)
		}
		w.Expect(w.control("POST", "/v1/reset", "{}", "Sec-Fetch-Site", "cross-site").status).To(Equal(403))
		w.Expect(w.control("POST", "/v1/reset", "{}", "Content-Type", "text/plain").status).To(Equal(415))
		w.Expect(w.control("POST", "/v1/reset", "{}", "Origin", "http://localhost").status).To(Equal(204))
	})
}

func TestControlAndPortalAreNotOnTheAPIsListener(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for _, path := range []string{"/v1/faults", "/v1/history", "/v1/ledger", "/healthz", "/v1/openapi.json", "/", "/agents", "/portal"} {
			w.Expect(w.do("GET", path, nil).status).To(Equal(404), path)
		}
		for _, path := range []string{"/api/v1/activities/", "/siemdrill/v1/configuration"} {
			w.Expect(w.control("GET", path, "").status).To(Equal(404), path)
		}
	})
}

// The description and the routes name each other.
func TestOpenAPIDescribesEveryRoute(t *testing.T) {
	g := NewWithT(t)
	var doc struct {
		Paths map[string]map[string]json.RawMessage
	}
	g.Expect(json.Unmarshal(openAPI, &doc)).To(Succeed())
	described := map[string]bool{}
	for path, methods := range doc.Paths {
		for m := range methods {
			if m != "parameters" {
				described[strings.ToUpper(m)+" "+path] = true
			}
		}
	}
	routes := map[string]bool{}
	for _, r := range controlRoutes {
		routes[r.pattern] = true
	}
	g.Expect(described).To(Equal(routes))
}

// Who looks at the portal sees a reset at once.
func TestAResetIsTold(t *testing.T) {
	g := NewWithT(t)
	s := &Server{BaseURL: "https://a.test"}
	_, err := s.Tenant().AddAgent(configured("drill"))
	g.Expect(err).NotTo(HaveOccurred())
	changed, end := s.feed.watch(s.feed.seen())
	defer end()
	s.Reset()
	g.Expect(changed).To(Receive())
}

func TestRecordsAreNotOfTheFuture(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for _, name := range []string{"ago", "over", "late"} {
			r := w.control("POST", "/v1/records", `{"count":1,"`+name+`":"-1h"}`)
			w.Expect(r.status).To(Equal(400), name)
			w.Expect(r.detail(w.WithT)).To(Equal(name + `: "-1h": expected a duration such as 90s or 2h`))
		}
	})
}
