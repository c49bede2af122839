package fakecas

import (
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

func TestListPagesThroughEverything(t *testing.T) {
	for _, path := range []string{"/api/v1/activities/", "/api/v1/alerts/"} {
		for _, direction := range []string{"asc", "desc", ""} {
			t.Run(path+direction, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t)
					w.Tenant().AddActivities(333, Spread{Over: time.Hour})
					w.Tenant().AddAlerts(333, Spread{Over: time.Hour})
					var seen []string
					for skip := 0; ; skip += 100 {
						r := w.do("POST", path, members{"skip": skip, "limit": 100, "sortField": "date", "sortDirection": direction})
						seen = append(seen, w.ids(r)...)
						w.Expect(r.json(w.WithT)["total"]).To(BeEquivalentTo(333))
						if r.json(w.WithT)["hasNext"] == false {
							break
						}
					}
					w.Expect(seen).To(HaveLen(333))
					want := []string{}
					for e := range w.Tenant().Ledger() {
						if (e.Type == Alert) == (path == "/api/v1/alerts/") {
							want = append(want, e.ID)
						}
					}
					if direction != "asc" {
						for i, j := 0, len(want)-1; i < j; i, j = i+1, j-1 {
							want[i], want[j] = want[j], want[i]
						}
					}
					w.Expect(seen).To(Equal(want))
				})
			})
		}
	}
}

func TestAlertsHaveTheirOwnCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Tenant().AddAlerts(120, Spread{})
		answer := w.do("GET", "/api/v1/alerts/", nil).json(w.WithT)
		w.Expect(answer).To(HaveKeyWithValue("max", BeEquivalentTo(120)))
		w.Expect(answer).To(HaveKeyWithValue("moreThanTotal", false))
		w.Expect(answer["data"]).To(HaveLen(100))
	})
}

// Every shape in which clients send a query asks for the same.
func TestShapesOfAQuery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Tenant().AddActivities(50, Spread{Ago: time.Minute, Over: time.Hour})
		filters := `{"service":{"neq":1}}`
		form := url.Values{"filters": {filters}, "skip": {"3"}, "limit": {"7"}, "sortDirection": {"asc"}}.Encode()
		jsonBody := `{"filters":` + filters + `,"skip":3,"limit":7,"sortDirection":"asc"}`
		multipart := "--b\r\nContent-Disposition: form-data; name=\"skip\"\r\n\r\n3\r\n--b\r\nContent-Disposition: form-data; name=\"limit\"\r\n\r\n7\r\n--b\r\nContent-Disposition: form-data; name=\"sortDirection\"\r\n\r\nasc\r\n--b--\r\n"
		want := w.ledgerIDs()[3:10]
		for _, path := range []string{"/api/v1/activities/", "/api/v1/activities"} {
			for _, method := range []string{"GET", "POST"} {
				w.Expect(w.ids(w.do(method, path, jsonBody, "Content-Type", "application/json"))).To(Equal(want))
				w.Expect(w.ids(w.do(method, path, jsonBody))).To(Equal(want))
				w.Expect(w.ids(w.do(method, path, form, "Content-Type", "application/x-www-form-urlencoded"))).To(Equal(want))
				w.Expect(w.ids(w.do(method, path+"?"+form, nil))).To(Equal(want))
				w.Expect(w.ids(w.do(method, path+"?limit=99&"+form, jsonBody))).To(Equal(want))
				w.Expect(w.ids(w.do(method, path, multipart, "Content-Type", "multipart/form-data; boundary=b"))).To(Equal(want))
				w.Expect(w.ids(w.do(method, path, `{"skip":"3","limit":"7","sortDirection":"asc","filters":"{}"}`))).To(Equal(want))
				for _, empty := range []string{"", "null", " ", "{}", `{"filters":null,"skip":null,"limit":null}`, `{"filters":{}}`, `{"performAsyncTotalCount":true}`} {
					w.Expect(w.ids(w.do(method, path, empty, "Content-Type", "application/json"))).To(HaveLen(50), empty)
				}
			}
		}
	})
}

func TestABadQueryGetsAReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for body, reason := range map[string]string{
			`{`:               "body: expected a JSON object",
			`[]`:              "body: expected a JSON object",
			`"x"`:             "body: expected a JSON object",
			`{"skip":-1}`:     "skip: expected a whole number",
			`{"skip":"many"}`: "skip: expected a whole number",
			`{"skip":9223372036854775807,"sortField":"severity"}`: "skip: expected a whole number from 0 to 2147483647",
			`{"limit":1.5}`:                          "limit: expected a whole number",
			`{"limit":{}}`:                           "limit: expected a whole number",
			`{"sortDirection":"up"}`:                 "sortDirection: expected asc or desc",
			`{"sortField":"severity"}`:               "sortField: expected date or created",
			`{"isScan":"maybe"}`:                     "isScan: expected true or false",
			`{"filters":[]}`:                         "filters: expected a JSON object",
			`{"filters":"{"}`:                        "filters: expected a JSON object",
			`{"filters":{"colour":{"eq":1}}}`:        `unknown filter "colour"; expected one of`,
			`{"filters":{"service":{"like":1}}}`:     `service: unknown operator "like"; expected one of`,
			`{"filters":{"service":5}}`:              "service: expected an object of operators",
			`{"filters":{"service":{"eq":"box"}}}`:   "service: eq: expected a number",
			`{"filters":{"service":{"eq":[[1]]}}}`:   "service: eq: expected a value or a list",
			`{"filters":{"created":{"gte":"noon"}}}`: "created: gte: expected a number",
			`{"filters":{"created":{"gte":[]}}}`:     "created: gte: expected a number",
			`{"filters":{"created":{"range":1}}}`:    "created: range: expected",
			`{"filters":{"created":{"like":1}}}`:     `created: unknown operator "like"`,
			`{"filters":{"text":{"contains":[]}}}`:   "text: contains: expected a value",
			`{"filters":{"scan.position":{"x":1}}}`:  "scan.position: expected it as nextQueryFilters gave it",
			`a=%zz`:                                  "body: expected JSON or name=value pairs",
		} {
			r := w.do("POST", "/api/v1/activities/", body)
			w.Expect(r.status).To(Equal(400), body)
			w.Expect(r.detail(w.WithT)).To(ContainSubstring(reason), body)
		}
		w.Expect(w.do("GET", "/api/v1/activities/?limit=%zz", nil).status).To(Equal(400))
	})
}

func TestPathsAndMethodsThatAreNotThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for request, want := range map[[2]string]int{
			{"GET", "/"}:                            404,
			{"GET", "/portal"}:                      404,
			{"GET", "/v1/faults"}:                   404,
			{"GET", "/api/v1/activities/nothing/"}:  404,
			{"GET", "/api/v1/alerts/nothing"}:       404,
			{"GET", "/api/v1/activities/a/b/c"}:     404,
			{"DELETE", "/api/v1/activities/"}:       405,
			{"POST", "/siemdrill/v1/configuration"}: 405,
			{"GET", "/siemdrill/v1/contact"}:        405,
			{"GET", "/siemdrill/v1/"}:               404,
		} {
			r := w.do(request[0], request[1], nil)
			w.Expect(r.status).To(Equal(want), "%v", request)
			w.Expect(r.detail(w.WithT)).NotTo(BeEmpty())
		}
		w.Expect(w.do("POST", "/api/v1/activities/", string(make([]byte, 2<<20))).status).To(Equal(413))
	})
}

// RFC 9110 section 15.5.6: a 405 says what is allowed.
func TestAnotherMethodIsToldWhatIsAllowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		for path, allowed := range map[string]string{"/api/v1/activities/": "GET, POST", "/api/v1/agents/siem/x/": "GET, PUT, POST, DELETE"} {
			r := w.do("PATCH", path, nil)
			w.Expect(r.status).To(Equal(405))
			w.Expect(r.header.Get("Allow")).To(Equal(allowed))
		}
	})
}
