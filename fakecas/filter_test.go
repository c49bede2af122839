package fakecas

import (
	"encoding/json"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// sample is a record whose every attribute the test below knows.
var sample = record{
	kind: Activity, tenant: "contoso", seq: 5, created: 2000, timestamp: 1000, mix: 0x1234,
	app:    &app{10489, "Box"},
	user:   &user{"u-1", "Zoë van 't Hoff", "Zoe@contoso.nl", "Inkoop/Noord"},
	place:  &place{ip: "192.0.2.10", country: "NL", category: "1", owner: "Contoso B.V."},
	client: &client{agent: "Mozilla/5.0 Chrome", device: "DESKTOP"},
	event:  &events[4], // Download file
	object: &objects[1],
	policy: &policies[1],
}

func TestOperators(t *testing.T) {
	unset := sample
	unset.place = &place{}
	unset.client = &client{}
	for _, c := range []struct {
		kind   Type
		record record
		filter string
		want   bool
	}{
		{Activity, sample, `{}`, true},
		{Activity, sample, `{"service":{"eq":10489}}`, true},
		{Activity, sample, `{"service":{"eq":"10489"}}`, true},
		{Activity, sample, `{"service":{"eq":[1,10489]}}`, true},
		{Activity, sample, `{"service":{"neq":10489}}`, false},
		{Activity, sample, `{"service":{"neq":[1,2]}}`, true},
		{Activity, sample, `{"service":{"gt":10488,"lt":10490}}`, true},
		{Activity, sample, `{"service":{"gt":10488,"lt":10489}}`, false},
		{Activity, sample, `{"service":{"gte":10489,"lte":10489}}`, true},
		{Activity, sample, `{"service":{"range":[{"start":1,"end":2},{"start":10000,"end":11000}]}}`, true},
		{Activity, sample, `{"service":{"range":{"start":10490}}}`, false},
		{Activity, sample, `{"user.username":{"eq":"zoe@CONTOSO.nl"}}`, true},
		{Activity, sample, `{"user.username":{"eq":["a","zoe@contoso.nl"]}}`, true},
		{Activity, sample, `{"user.username":{"neq":"zoe@contoso.nl"}}`, false},
		{Activity, sample, `{"user.username":{"contains":"hoff"}}`, true},
		{Activity, sample, `{"user.username":{"ncontains":"hoff"}}`, false},
		{Activity, sample, `{"user.username":{"startswith":["x","zoe@"]}}`, true},
		{Activity, sample, `{"user.username":{"startswithsingle":"zoë"}}`, true},
		{Activity, sample, `{"user.username":{"doesnotstartwith":["zoe@"]}}`, false},
		{Activity, sample, `{"user.username":{"endswith":".nl"}}`, true},
		{Activity, sample, `{"user.username":{"deq":"zoe@contoso.nl"}}`, true},
		{Activity, sample, `{"user.domain":{"eq":"contoso.nl"}}`, true},
		{Activity, sample, `{"user.domain":{"deq":"contoso.nl"}}`, false},
		{Activity, sample, `{"user.orgUnit":{"descendantof":"inkoop"}}`, true},
		{Activity, sample, `{"user.orgUnit":{"descendantof":"ink"}}`, false},
		{Activity, sample, `{"user.orgUnit":{"ndescendantof":"inkoop"}}`, false},
		{Activity, sample, `{"text":{"text":"download iban"}}`, true},
		{Activity, sample, `{"text":{"text":"download nothing"}}`, false},
		{Activity, sample, `{"ip.address":{"isset":true}}`, true},
		{Activity, sample, `{"ip.address":{"isset":false}}`, false},
		{Activity, sample, `{"ip.address":{"isnotset":true}}`, false},
		{Activity, unset, `{"ip.address":{"isnotset":true}}`, true},
		{Activity, unset, `{"ip.address":{"isset":true}}`, false},
		{Activity, unset, `{"device.type":{"eq":null}}`, true},
		{Activity, unset, `{"device.type":{"eq":["DESKTOP","null"]}}`, true},
		{Activity, unset, `{"device.type":{"neq":"null"}}`, false},
		{Activity, sample, `{"device.type":{"eq":[null]}}`, false},
		{Activity, sample, `{"device.type":{"eq":"desktop"}}`, true},
		{Activity, sample, `{"entity":{"eq":[{"id":"u-1","saas":11161,"inst":0}]}}`, true},
		{Activity, sample, `{"activity.type":{"eq":false}}`, true},
		{Activity, sample, `{"activity.eventActionType":{"eq":"EVENT_CATEGORY_DOWNLOAD_FILE"}}`, true},
		{Activity, sample, `{"actionType":{"contains":"downloaded"}}`, true},
		{Activity, sample, `{"fileId":{"eq":"01"}}`, true},
		{Activity, sample, `{"location.country":{"eq":"NL"},"service":{"eq":10489}}`, true},
		{Activity, sample, `{"location.country":{"eq":"NL"},"service":{"eq":1}}`, false},
		{Activity, sample, `{"created":{"gte":2000}}`, true},
		{Activity, sample, `{"created":{"gt":2000}}`, false},
		{Activity, sample, `{"created":{"lte":2000,"gte":2000}}`, true},
		{Activity, sample, `{"created":{"lt":2000}}`, false},
		{Activity, sample, `{"created":{"eq":[5,2000]}}`, true},
		{Activity, sample, `{"created":{"eq":[5,6]}}`, false},
		{Activity, sample, `{"created":{"neq":2000}}`, false},
		{Activity, sample, `{"created":{"range":[{"start":1,"end":2},{"start":1999,"end":2001}]}}`, true},
		{Activity, sample, `{"created":{"range":[1,3000]}}`, true},
		{Activity, sample, `{"created":{"range":{"end":1999}}}`, false},
		{Activity, sample, `{"created":{"isset":true}}`, true},
		{Activity, sample, `{"created":{"isnotset":true}}`, false},
		{Activity, sample, `{"date":{"gte":1000,"lt":1001}}`, true},
		{Activity, sample, `{"date":{"gte":1.5e3}}`, false},
		{Activity, sample, `{"date":{"gte_ndays":1}}`, true},
		{Activity, sample, `{"date":{"lte_ndays":1}}`, false},
		{Alert, sample, `{"severity":{"eq":1}}`, true},
		{Alert, sample, `{"severity":{"neq":[1]}}`, false},
		{Alert, sample, `{"alertOpen":{"eq":true}}`, true},
		{Alert, sample, `{"read":{"eq":true}}`, false},
		{Alert, sample, `{"resolutionStatus":{"eq":0}}`, true},
		{Alert, sample, `{"resolutionDate":{"gte":0}}`, false},
		{Alert, sample, `{"source":{"eq":"built-in"}}`, true},
		{Alert, sample, `{"entity.policy":{"eq":"5bfd18bfab73c36ba10d38ca"}}`, true},
		{Alert, sample, `{"entity.service":{"eq":[10489]}}`, true},
	} {
		t.Run(string(c.kind)+c.filter, func(t *testing.T) {
			g := NewWithT(t)
			r := c.record
			r.kind = c.kind
			f, err := compile(c.kind, json.RawMessage(c.filter), time.UnixMilli(1500))
			g.Expect(err).NotTo(HaveOccurred())
			got := f.created.has(r.created) && f.date.has(r.timestamp) && f.match(&r)
			g.Expect(got).To(Equal(c.want))
		})
	}
}

// Every documented filter can be asked with every operator that fits it.
func TestEveryFilterIsAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Tenant().AddActivities(300, Spread{})
		w.Tenant().AddAlerts(300, Spread{})
		for kind, path := range map[Type]string{Activity: "/api/v1/activities/", Alert: "/api/v1/alerts/"} {
			for name := range filterFields(kind) {
				with := w.do("POST", path, members{"filters": members{name: members{"isset": true}}})
				without := w.do("POST", path, members{"filters": members{name: members{"isnotset": true}}})
				w.Expect(with.status).To(Equal(200), name)
				w.Expect(with.json(w.WithT)["total"].(float64)+without.json(w.WithT)["total"].(float64)).To(Equal(300.0), name)
			}
		}
	})
}

// What a filter lets through is what its negation does not.
func TestNegationsComplementEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Tenant().AddActivities(1000, Spread{})
		for _, c := range [][4]string{
			{"service", "eq", "neq", `[10489,14509]`},
			{"user.username", "contains", "ncontains", `"contoso"`},
			{"user.username", "startswith", "doesnotstartwith", `["zoe","avi"]`},
			{"user.orgUnit", "descendantof", "ndescendantof", `"Finance"`},
			{"location.country", "eq", "neq", `["NL","null"]`},
			{"ip.category", "eq", "neq", `[1,4]`},
			{"activity.takenAction", "eq", "neq", `"block"`},
		} {
			count := func(op string) float64 {
				r := w.do("POST", "/api/v1/activities/", fmt.Sprintf(`{"filters":{%q:{%q:%s}}}`, c[0], op, c[3]))
				w.Expect(r.status).To(Equal(200), "%s", r.body)
				return r.json(w.WithT)["total"].(float64)
			}
			w.Expect(count(c[1])).To(BeNumerically(">", 0), c[0])
			w.Expect(count(c[1])+count(c[2])).To(Equal(1000.0), c[0])
		}
	})
}

func TestSortBySeverity(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Tenant().AddAlerts(250, Spread{Over: time.Hour})
		last, lastDate, n := 99.0, 0.0, 0
		for skip := 0; skip < 300; skip += 100 {
			for _, v := range w.do("POST", "/api/v1/alerts/", members{"sortField": "severity", "skip": skip}).json(w.WithT)["data"].([]any) {
				a := v.(map[string]any)
				severity, date := a["severityValue"].(float64), a["timestamp"].(float64)
				w.Expect(severity).To(BeNumerically("<=", last))
				if severity == last {
					w.Expect(date).To(BeNumerically("<=", lastDate))
				}
				last, lastDate, n = severity, date, n+1
			}
		}
		w.Expect(n).To(Equal(250))
	})
}

func TestNumbersThatNoRecordCanHave(t *testing.T) {
	now := time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)
	g := NewWithT(t)
	for _, bad := range []string{`"NaN"`, `"Inf"`, `"-Inf"`, `"1e300"`} {
		_, err := compile(Activity, json.RawMessage(`{"date":{"gte":`+bad+`}}`), now)
		g.Expect(err).To(MatchError(ContainSubstring("expected a number")), bad)
	}
	f, err := compile(Activity, json.RawMessage(`{"date":{"gte_ndays":9007199254740991}}`), now)
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(f.date.has(0)).To(BeTrue(), "longer ago than there was time")
}

func TestOfTwoWrongFiltersTheSameIsAlwaysNamed(t *testing.T) {
	c := configured("x")
	c.Activities.Filters, c.Alerts.Filters = json.RawMessage(`{"a":{}}`), json.RawMessage(`{"b":{}}`)
	for range 50 {
		NewWithT(t).Expect(validateConfiguration(c)).To(MatchError(ContainSubstring("activity: filters: unknown filter \"a\"")))
	}
}
