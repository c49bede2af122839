package fakecas

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"testing/synctest"
	"time"

	. "github.com/onsi/gomega"
)

const someRecords = `{
 "activities": [
  {"_id":"97134000_15600_97ee2049-893e-4c9d-a312-08d82b46faf7","appId":15600,"timestamp":1595096313000,"created":1595096586840,"appName":"Microsoft OneDrive for Business",
   "user":{"userName":"Ävi@contoso.com"},"device":{"clientIP":"8.8.8.8","countryCode":"IL"},"eventTypeName":"EVENT_CATEGORY_UNSPECIFIED",
   "mainInfo":{"eventObjects":[{"objType":1,"id":"file-1","name":"a=b|c.docx"}],"rawOperationName":"FilePreviewed"},"Level":1,"level":"Info","description":"line\nbreak"},
  {"_id":"plain-id","timestamp":1595096313000}
 ],
 "alerts": [
  {"_id":"603f704aaf7417985bbf3b22","timestamp":1621941916475,"title":"Honeytoken activity","severityValue":1,"idValue":15795464,"statusValue":1,"resolutionStatusValue":0,
   "entities":[{"type":"account","id":"u1","label":"user1","pa":"user1@contoso.com"},{"type":"service","id":20940,"label":"Active Directory"}]}
 ]}`

func TestImportedRecordsAreServedAsTheyCame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Expect(w.Tenant().Import([]byte(someRecords), false)).To(Equal(3))
		r := w.do("GET", "/api/v1/activities/97134000_15600_97ee2049-893e-4c9d-a312-08d82b46faf7/", nil)
		var file struct{ Activities []json.RawMessage }
		w.Expect(json.Unmarshal([]byte(someRecords), &file)).To(Succeed())
		w.Expect(r.body).To(MatchJSON(file.Activities[0]))
		w.Expect(string(r.body)).To(ContainSubstring(`"Level":1,"level":"Info"`))

		find := func(path, filters string) []string {
			return w.ids(w.do("POST", path, `{"filters":`+filters+`}`))
		}
		for _, f := range []string{`{"service":{"eq":15600}}`, `{"user.username":{"startswith":"ävi"}}`, `{"fileId":{"eq":"file-1"}}`, `{"ip.address":{"eq":"8.8.8.8"}}`, `{"created":{"eq":1595096586840}}`, `{"activity.id":{"eq":"97134000_15600_97ee2049-893e-4c9d-a312-08d82b46faf7"}}`} {
			w.Expect(find("/api/v1/activities/", f)).To(HaveLen(1), f)
		}
		for _, f := range []string{`{"severity":{"eq":1}}`, `{"entity.entity":{"eq":"user1@contoso.com"}}`, `{"entity.service":{"eq":20940}}`, `{"read":{"eq":true}}`, `{"id":{"eq":"603f704aaf7417985bbf3b22"}}`} {
			w.Expect(find("/api/v1/alerts/", f)).To(HaveLen(1), f)
		}
		w.asAdmin()
		w.do("POST", "/api/v1/alerts/close_benign/", `{"filters":{"id":{"eq":"603f704aaf7417985bbf3b22"}}}`)
		alert := w.do("GET", "/api/v1/alerts/603f704aaf7417985bbf3b22/", nil).json(w.WithT)
		w.Expect(alert["resolutionStatusValue"]).To(Equal(4.0))
		w.Expect(alert["title"]).To(Equal("Honeytoken activity"))
	})
}

func TestImportedRecordsCanBeMadeRecent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.Expect(w.Tenant().Import([]byte(someRecords), true)).To(Equal(3))
		var newest time.Time
		for e := range w.Tenant().Ledger() {
			newest = e.Created
		}
		w.Expect(newest).To(BeTemporally("==", time.Now()))
		alert := w.do("GET", "/api/v1/alerts/603f704aaf7417985bbf3b22/", nil).json(w.WithT)
		w.Expect(alert["timestamp"]).To(BeEquivalentTo(time.Now().UnixMilli()))
	})
}

func TestABadImportSaysWhereAndAddsNothing(t *testing.T) {
	tenant := new(Server).Tenant()
	for file, want := range map[string]string{
		`[]`:                 `expected {"activities":[…],"alerts":[…]}`,
		`{"events":[]}`:      `unknown field "events"`,
		`{"activities":[1]}`: "activity 1: expected an object",
		`{"alerts":[{}]}`:    "alert 1: _id: expected",
		`{"activities":[{"_id":"a","timestamp":5},{"_id":"b"}]}`:               "activity 2: timestamp: expected ms",
		`{"activities":[{"_id":"a","timestamp":5},{"_id":"a","timestamp":6}]}`: `activity "a": there is one`,
		`{"alerts":[{"_id":"a","timestamp":5,"statusValue":"x"}]}`:             "alert 1:",
	} {
		_, err := tenant.Import([]byte(file), false)
		NewWithT(t).Expect(err).To(MatchError(ContainSubstring(want)), file)
	}
	for range tenant.Ledger() {
		t.Fatal("something was added")
	}
}

func TestFlow(t *testing.T) {
	for _, perSecond := range []float64{0.1, 1, 2.5, 1000} {
		t.Run(fmt.Sprint(perSecond), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				stop := w.Tenant().Flow(Activity, perSecond)
				time.Sleep(100 * time.Second)
				synctest.Wait()
				stop()
				time.Sleep(100 * time.Second)
				w.Expect(w.ledgerIDs()).To(HaveLen(int(100 * perSecond)))
				if perSecond == 1000 {
					var last time.Time
					for e := range w.Tenant().Ledger() {
						w.Expect(e.Created.After(last)).To(BeTrue(), "evenly spread, no two at one instant")
						last = e.Created
					}
				}
				w.Tenant().Flow(Alert, perSecond) // ended by Close
			})
		})
	}
}

// The records that are generated have the members of real ones; the shapes are
// names and kinds, taken from what the vendor prints and from public clients.
func TestGeneratedRecordsHaveTheShapeOfRealOnes(t *testing.T) {
	g := NewWithT(t)
	gen := generator{seed: 3, tenant: "contoso"}
	for kind, file := range map[Type]string{Activity: "testdata/activity-shape.json", Alert: "testdata/alert-shape.json"} {
		raw, err := os.ReadFile(file)
		g.Expect(err).NotTo(HaveOccurred())
		var want, got any
		g.Expect(json.Unmarshal(raw, &want)).To(Succeed())
		for seq := uint32(1); seq < 50; seq++ {
			r := gen.record(kind, seq)
			r.state.resolvedAt = 1
			g.Expect(json.Unmarshal(r.appendJSON(nil), &got)).To(Succeed())
			checkShape(g, string(kind), want, got)
		}
	}
}

func checkShape(g *WithT, path string, want, got any) {
	switch want := want.(type) {
	case map[string]any:
		have, ok := got.(map[string]any)
		g.Expect(ok).To(BeTrue(), path)
		for name, w := range want {
			g.Expect(have).To(HaveKey(name), path)
			checkShape(g, path+"."+name, w, have[name])
		}
	case []any:
		have, ok := got.([]any)
		g.Expect(ok).To(BeTrue(), path)
		if len(want) > 0 && len(have) > 0 {
			checkShape(g, path+"[]", want[0], have[0])
		}
	default:
		kinds := map[string]any{"string": "", "number": 0.0, "bool": false, "null": nil}
		g.Expect(fmt.Sprintf("%T", got)).To(Equal(fmt.Sprintf("%T", kinds[want.(string)])), path)
	}
}

// Whatever the seed, records are JSON, and the same seed gives the same bytes.
func TestGeneratedRecordsAreValidAndRepeatable(t *testing.T) {
	g := NewWithT(t)
	awkward := map[string]bool{"\\n": false, "=": false, "|": false, "\\\\": false, `"level"`: false, "山田": false, `"clientIP":""`: false}
	for _, kind := range []Type{Activity, Alert} {
		for seq := uint32(1); seq <= 3000; seq++ {
			r, again := generator{seed: 9}.record(kind, seq), generator{seed: 9}.record(kind, seq)
			raw := r.appendJSON(nil)
			g.Expect(json.Valid(raw)).To(BeTrue(), "%s", raw)
			g.Expect(again.appendJSON(nil)).To(Equal(raw))
			for what := range awkward {
				awkward[what] = awkward[what] || contains(raw, what)
			}
		}
	}
	for what, found := range awkward {
		g.Expect(found).To(BeTrue(), what)
	}
}
