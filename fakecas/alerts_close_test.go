package fakecas

import (
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

// asAdmin gives the world a token that may change things.
func (w *world) asAdmin() {
	token, err := w.Tenant().AddToken(Admin)
	w.Expect(err).NotTo(HaveOccurred())
	w.token = token
}

func TestClosingAlerts(t *testing.T) {
	for how, want := range map[string]struct {
		member string
		status float64
	}{
		"close_false_positive": {"closed_false_positive", 3},
		"close_benign":         {"closed_benign", 4},
		"close_true_positive":  {"closed_true_positive", 5},
	} {
		t.Run(how, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.asAdmin()
				ids := w.Tenant().AddAlerts(5, Spread{})
				time.Sleep(time.Minute)
				body := members{"filters": members{"id": members{"eq": ids[1:3]}}, "comment": "drill", "sendFeedback": true}
				r := w.do("POST", "/api/v1/alerts/"+how+"/", body)
				w.Expect(r.status).To(Equal(200), "%s", r.body)
				w.Expect(r.json(w.WithT)).To(Equal(members{want.member: 2.0}))

				a := w.do("GET", "/api/v1/alerts/"+ids[1]+"/", nil).json(w.WithT)
				w.Expect(a["resolutionStatusValue"]).To(Equal(want.status))
				w.Expect(a["comment"]).To(Equal("drill"))
				w.Expect(a["handledByUser"]).To(Equal(Admin))
				w.Expect(a["resolveTime"]).To(Equal(time.Now().UTC().Format("2006-01-02T15:04:05.000Z")))
				w.Expect(w.ids(w.do("POST", "/api/v1/alerts/", members{"filters": members{"alertOpen": members{"eq": true}}}))).To(HaveLen(3))
				w.Expect(w.ids(w.do("POST", "/api/v1/alerts/", members{"filters": members{"resolutionStatus": members{"eq": want.status}}}))).To(HaveLen(2))
				w.Expect(w.ids(w.do("POST", "/api/v1/alerts/", members{"filters": members{"resolutionDate": members{"lte": time.Now().UnixMilli()}}}))).To(HaveLen(2))
			})
		})
	}
}

func TestClosingNeedsAFilterAndADocumentedReason(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.asAdmin()
		w.Tenant().AddAlerts(3, Spread{})
		for body, reason := range map[string]string{
			``:                              "filters: expected a filter object",
			`{"filters":{"id":{"x":1}}}`:    "unknown operator",
			`{"filters":{},"reasonId":9}`:   "reasonId: expected one of [2 4 5 6], found 9",
			`{"filters":{},"reasonId":"x"}`: "reasonId: expected a whole number",
		} {
			r := w.do("POST", "/api/v1/alerts/close_benign/", body)
			w.Expect(r.status).To(Equal(400), body)
			w.Expect(r.detail(w.WithT)).To(ContainSubstring(reason))
		}
		w.Expect(w.do("POST", "/api/v1/alerts/close_benign/", `{"filters":{},"reasonId":5}`).json(w.WithT)).To(Equal(members{"closed_benign": 3.0}))
	})
}

func TestMarkingAnAlert(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.asAdmin()
		id := w.Tenant().AddAlerts(3, Spread{})[1]
		read := members{"filters": members{"read": members{"eq": true}}}
		w.Expect(w.do("POST", "/api/v1/alerts/"+id+"/read/", nil).status).To(Equal(200))
		w.Expect(w.ids(w.do("POST", "/api/v1/alerts/", read))).To(Equal([]string{id}))
		w.Expect(w.do("POST", "/api/v1/alerts/"+id+"/unread", nil).status).To(Equal(200))
		w.Expect(w.ids(w.do("POST", "/api/v1/alerts/", read))).To(BeEmpty())
		w.Expect(w.do("POST", "/api/v1/alerts/nothing/read/", nil).status).To(Equal(404))
	})
}

func TestAnAgentsTokenIsReadOnly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		id := w.Tenant().AddAlerts(1, Spread{})[0]
		for _, path := range []string{"/api/v1/alerts/close_benign/", "/api/v1/alerts/" + id + "/read/", "/api/v1/agents/siem/", "/cas/api/v1/agents/siem/" + w.agent + "/generate/"} {
			r := w.do("POST", path, "{}")
			w.Expect(r.status).To(Equal(403), path)
			w.Expect(r.detail(w.WithT)).To(ContainSubstring("read-only"))
		}
		w.asAdmin()
		w.Expect(w.contact().status).To(Equal(403), "an API token is no agent's")
	})
}
