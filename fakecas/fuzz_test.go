package fakecas

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// FuzzFilter: whatever a filter is, it compiles or says why not, and asking it
// of records doesn't panic.
func FuzzFilter(f *testing.F) {
	for _, seed := range []string{
		`{}`, `null`, `{"service":{"eq":[1,2]}}`, `{"created":{"gte":1,"range":[{"start":1}]}}`, `{"date":{"range":[1,null]}}`,
		`{"user.username":{"contains":["a",null],"isset":"1"}}`, `{"entity":{"eq":[{"id":"x"}]}}`, `{"scan.position":{"after":"5:7"}}`,
		`{"text":{"text":"a b"}}`, `{"created":{"gte":-1e300}}`, `{"severity":{"range":{"end":1e400}}}`, `{"date":{"gte_ndays":9223372036854775807}}`,
		`{"a":[[[[]]]]}`, `{"service":{"eq":{"id":{"id":1}}}}`, `{"read":{"eq":""}}`,
	} {
		f.Add(seed, true)
		f.Add(seed, false)
	}
	g := generator{seed: 1, tenant: "contoso"}
	f.Fuzz(func(t *testing.T, text string, alerts bool) {
		kind := Activity
		if alerts {
			kind = Alert
		}
		filter, err := compile(kind, json.RawMessage(text), time.UnixMilli(1e12))
		if err != nil {
			if err.Error() == "" || strings.Contains(err.Error(), "\n") {
				t.Fatalf("error %q: expected one line", err)
			}
			return
		}
		for seq := uint32(1); seq < 20; seq++ {
			r := g.record(kind, seq)
			filter.match(&r)
		}
	})
}

// FuzzRequest: whatever is asked of the API, the answer is 200 or a 4xx with a
// reason, and JSON.
func FuzzRequest(f *testing.F) {
	f.Add("POST", "/api/v1/activities/", "", "application/json", `{"filters":{"service":{"eq":1}},"isScan":true}`)
	f.Add("GET", "/api/v1/alerts", "limit=3&filters={}", "", "")
	f.Add("POST", "/api/v1/alerts/", "skip=99999999", "application/x-www-form-urlencoded", "limit=5&sortField=severity")
	f.Add("POST", "/api/v1/alerts/", "skip=2147483647&limit=2147483647&sortField=severity", "", "")
	f.Add("POST", "/api/v1/activities/", "", "multipart/form-data; boundary=x", "--x\r\n")
	f.Add("POST", "/api/v1/activities/", "", "multipart/form-data", "--x--")
	f.Add("POST", "/api/v1/alerts/close_benign/", "", "", `{"filters":{"id":{"eq":"x"}},"reasonId":2}`)
	f.Add("POST", "/api/v1/alerts/00/read/", "", "", "")
	f.Add("PUT", "/cas/api/v1/agents/siem/drill/", "", "", `{"remote":{"port":-1},"recovery":{"from":"x"}}`)
	f.Add("POST", "/cas/api/v1/agents/siem/drill/generate", "", "", "")
	f.Add("POST", "/siemdrill/v1/contact", "", "", `{"notifications":[{"id":"internal-error","since":"2020-01-01T00:00:00Z"}]}`)
	f.Add("POST", "/api/v1/activities/", "isScan=1&filters=%7B%22scan.position%22:%7B%22after%22:%221:99999%22%7D%7D", "", "")
	f.Fuzz(func(t *testing.T, method, path, query, media, body string) {
		s := &Server{BaseURL: "https://a.test", Settings: Settings{RequestsPerMinute: -1}}
		defer s.Close()
		s.Tenant().AddRecords(Activity, 700, Spread{})
		s.Tenant().AddRecords(Alert, 30, Spread{})
		agent, err := s.Tenant().AddAgent(configured("drill"))
		if err != nil {
			t.Fatal(err)
		}
		token, _ := s.Tenant().AddToken(Admin)
		if strings.HasPrefix(path, "/siemdrill") {
			token = agent.Token
		}
		r := &http.Request{
			Method: method, URL: &url.URL{Path: path, RawQuery: query},
			Header: http.Header{"Authorization": {"Token " + token}, "Content-Type": {media}},
			Body:   httptest.NewRequest("POST", "/", strings.NewReader(body)).Body,
		}
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		if w.Code == http.StatusNoContent {
			return
		}
		var answer any
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatalf("%d %.100q: %v", w.Code, w.Body.Bytes(), err)
		}
		if w.Code == http.StatusOK || w.Code == http.StatusCreated {
			return
		}
		members, _ := answer.(map[string]any)
		if reason, _ := members["detail"].(string); w.Code < 400 || w.Code > 499 || reason == "" {
			t.Fatalf("%d %.200q: expected a 4xx with a reason", w.Code, w.Body.Bytes())
		}
	})
}

// FuzzScan: whatever the times of the records, a scan lists each once.
func FuzzScan(f *testing.F) {
	f.Add([]byte{1, 1, 1, 1, 1, 1, 1}, uint8(2), true, false)
	f.Add([]byte{1, 2, 3, 3, 3, 3, 9, 9, 200}, uint8(3), false, true)
	f.Add([]byte{}, uint8(0), true, true)
	f.Fuzz(func(t *testing.T, times []byte, limit uint8, byCreated, descending bool) {
		tab := table{kind: Activity, generator: generator{seed: 1}}
		for i, v := range times {
			tab.add(row{created: int64(v), timestamp: int64(times[len(times)-1-i])})
		}
		q := query{limit: int(limit)%7 + 1, sortField: "date", sortDirection: "asc"}
		if byCreated {
			q.sortField = "created"
		}
		if descending {
			q.sortDirection = "desc"
		}
		seen := map[uint32]bool{}
		filters := json.RawMessage(`{"service":{"neq":1}}`)
		for range len(times) + 1 {
			filter, err := compile(Activity, filters, time.UnixMilli(1e12))
			if err != nil {
				t.Fatal(err)
			}
			p := scan(&tab, &q, filter, time.UnixMilli(1e12))
			for _, place := range p.places {
				if seen[place] {
					t.Fatalf("row %d was listed twice", place)
				}
				seen[place] = true
			}
			if !p.hasNext {
				if len(seen) != len(times) {
					t.Fatalf("%d of %d rows were listed", len(seen), len(times))
				}
				return
			}
			if len(p.places) == 0 {
				t.Fatal("no progress")
			}
			filters = p.next
		}
		t.Fatal("the scan did not end")
	})
}

// FuzzImport: a file is taken or refused with one line, and what was taken can
// be listed.
func FuzzImport(f *testing.F) {
	f.Add([]byte(someRecords))
	f.Add([]byte(`{"activities":[{"_id":"a","timestamp":1,"user":{"userName":null},"mainInfo":{"eventObjects":[1,{"objType":1}]}}]}`))
	f.Add([]byte(`{"alerts":[{"_id":"a","timestamp":1,"entities":[null,{"type":"ip"}],"statusValue":2,"resolutionStatusValue":5}]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := &Server{BaseURL: "https://a.test"}
		defer s.Close()
		n, err := s.Tenant().Import(raw, len(raw)%2 == 0)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Fatalf("error %q: expected one line", err)
			}
			n = 0
		}
		listed := 0
		for _, kind := range []Type{Activity, Alert} {
			tab := s.Tenant().snapshot(kind)
			p := list(&tab, &query{limit: 1 << 20}, &filter{created: allTime, date: allTime})
			if body := pageBody(&tab, &p); !json.Valid(*body) {
				t.Fatalf("not JSON: %.300q", *body)
			}
			listed += len(p.places)
		}
		if listed != n {
			t.Fatalf("%d of %d records were listed", listed, n)
		}
	})
}

// FuzzFault: a fault from outside is taken or refused with one line.
func FuzzFault(f *testing.F) {
	f.Add([]byte(`{"name":"status","args":{"code":"500"},"for":"1s","every":2}`))
	f.Add([]byte(`{"name":"late","args":{"by":"1h","share":"7"}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		var fault Fault
		if json.Unmarshal(raw, &fault) != nil {
			return
		}
		if err := fault.Validate(); err != nil && strings.Contains(err.Error(), "\n") {
			t.Fatalf("error %q: expected one line", err)
		}
	})
}
