package cas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	. "github.com/onsi/gomega"
)

func decodeFile(t *testing.T, list Type, name string) answer {
	t.Helper()
	g := NewWithT(t)
	text, err := os.ReadFile(name)
	g.Expect(err).NotTo(HaveOccurred())
	a, err := decode(list, bytes.NewReader(text))
	g.Expect(err).NotTo(HaveOccurred())
	return a
}

func TestActivitiesAreReduced(t *testing.T) {
	g := NewWithT(t)
	a := decodeFile(t, Activity, "testdata/activities.json")
	g.Expect(a.hasNext).To(BeTrue())
	g.Expect(string(a.next)).To(Equal(`{"created":{"gte":1700000123457},"deep":[{"a":"}"}]}`))
	g.Expect(a.records).To(HaveLen(4), "what is odd is a record all the same")
	g.Expect(a.records[0]).To(Equal(Record{
		Type: Activity, ID: "4711_11161_0c3e6b0e-58a1-4f0e-9d8b-0000000000a1", Created: 1700000123456, Timestamp: 1700000000000,
		Class: "EVENT_CATEGORY_DOWNLOAD_FILE", Name: "Download file", Description: "Download file: a=b\nc",
		User: "zoë@contoso.com", Service: "Office 365", IPv4: "192.0.2.7", UserAgent: `Mozilla/5.0 ("quoted"; ü)`,
		Apps: []string{"APPID_O365"}, Targets: []string{"", "Zoë 🚒", ""},
	}), "keys that differ in case only are other keys")
	g.Expect(a.records[1]).To(Equal(Record{
		Type: Activity, ID: "by-uid", Created: 1700000123457, Timestamp: 1700000100000,
		Class: "EVENT_CATEGORY_UNSPECIFIED", Name: "Unspecified", Description: "Consent",
		User: "svc", Service: "Jive Software", IPv6: "2001:db8::1", Apps: []string{"APPID_JIVE"},
	}))
	g.Expect(a.records[2].ID).To(Equal("12345"))
	g.Expect(a.records[3].ID).To(MatchRegexp("^no-id-[0-9a-f]{16}$"))
}

func TestAlertsAreReduced(t *testing.T) {
	g := NewWithT(t)
	a := decodeFile(t, Alert, "testdata/alerts.json")
	g.Expect(a.hasNext).To(BeFalse())
	g.Expect(a.records[0]).To(Equal(Record{
		Type: Alert, ID: "64b0c0ffee0000000000abcd", Created: 1700000000001, Timestamp: 1700000000001,
		Class: "ALERT_CABINET_EVENT_MATCH_AUDIT", Name: "Mass download", Severity: High, Risk: "34",
		Description: "Activity policy 'Mass download' was triggered by 'zoe@contoso.com'",
		User:        "zoe@contoso.com", Service: "Microsoft 365", IPv4: "192.0.2.9", IPv6: "2001:db8::9",
		Apps: []string{"APPID_O365", "APPID_BOX"}, Audits: []string{"a1", "a2"}, Policies: []string{"59f0", "59f1"},
	}))
	for i, want := range []Record{
		1: {Class: "ALERT_MANAGEMENT_GENERIC", Name: "SIEM agent error", Severity: Low},
		2: {Class: "ALERT_ZOMBIE_USER", Name: "p", Severity: Medium},
		3: {Class: "ALERT_ANOMALY_DETECTION", Name: "p", Severity: Informational, User: "only-id"},
		4: {Class: "ALERT_GENERIC", Severity: Informational},
	} {
		if i > 0 {
			got := a.records[i]
			g.Expect(Record{Class: got.Class, Name: got.Name, Severity: got.Severity, User: got.User}).To(Equal(want))
		}
	}
}

func TestAnswersThatAreNone(t *testing.T) {
	for _, test := range []struct{ name, body, says string }{
		{"empty", "", "the answer is empty"},
		{"blank", " \n", "the answer is empty"},
		{"HTML", "<html>", `byte 0 is '<': expected a JSON object`},
		{"an array", "[]", "expected a JSON object"},
		{"cut in a key", `{"da`, `ends at byte 4: expected '"'`},
		{"cut in a record", `{"data":[{"_id":"a","x":{`, "ends at byte 25: expected"},
		{"cut between records", `{"data":[{"_id":"a"},`, "ends at byte 21"},
		{"cut before its end", `{"data":[{"_id":"a"}]`, "ends at byte 21: expected ',' or '}'"},
		{"no colon", `{"data" []}`, "expected ':'"},
		{"no comma", `{"data":[] "hasNext":true}`, "expected ',' or '}'"},
		{"something behind", `{"data":[]}x`, "expected nothing more"},
		{"no data", `{}`, "the answer has no data"},
		{"data of another kind", `{"data":"x"}`, "the answer has no data"},
		{"a text", `{"detail":"Request was\nthrottled"}`, "the answer has no data but says: Request was throttled"},
	} {
		t.Run(test.name, func(t *testing.T) {
			g := NewWithT(t)
			_, err := decode(Activity, strings.NewReader(test.body))
			g.Expect(err).To(MatchError(ContainSubstring(test.says)))
			g.Expect(err.Error()).NotTo(ContainSubstring("\n"))
		})
	}
}

// An answer may end anywhere, also after so much that the reader has begun to
// forget what it has read.
func TestAnAnswerThatIsCutAnywhere(t *testing.T) {
	g := NewWithT(t)
	const record = `{"_id": "a\u00e9\\", "created": 1700000000000, "n": [1, {"x" : null}], "user": {"userName": "zoë"}},` + "\n"
	whole := `{"data": [` + strings.Repeat(record, readerSize/len(record))
	for end := len(whole) - 3*len(record); end < len(whole); end++ {
		for _, text := range []string{whole[:end], whole[:end%(3*len(record))]} {
			_, err := decode(Activity, strings.NewReader(text))
			g.Expect(err).To(HaveOccurred(), text[max(0, len(text)-40):])
		}
	}
	for end := readerSize/2 - 2*len(record); end < readerSize/2+2*len(record); end++ {
		_, err := decode(Activity, strings.NewReader(whole[:end]))
		g.Expect(err).To(HaveOccurred(), whole[end-40:end])
	}
}

func TestAnEmptyListIsOne(t *testing.T) {
	for _, body := range []string{`{"data":[]}`, `{"data":null,"hasNext":false}`, ` { "data" : [ ] , "hasNext" : false } `} {
		a, err := decode(Activity, strings.NewReader(body))
		NewWithT(t).Expect(err).NotTo(HaveOccurred())
		NewWithT(t).Expect(a).To(Equal(answer{}))
	}
}

func TestActivityNames(t *testing.T) {
	for class, name := range map[string]string{
		"EVENT_CATEGORY_LOGOUT": "Log out", "EVENT_CATEGORY_DELETE_OBJECT": "Delete object", "EVENT_CATEGORY_VIEW_REPORT": "View report",
		"EVENT_CATEGORY_": "EVENT_CATEGORY_", "": "", "OTHER": "Other",
	} {
		NewWithT(t).Expect(activityName(class)).To(Equal(name), class)
	}
}

func TestAppIDs(t *testing.T) {
	for name, id := range map[string]string{
		"ServiceNow": "APPID_SERVICENOW", "Box": "APPID_BOX", "Microsoft 365": "APPID_O365", "Salesforce": "APPID_SALESFORCE",
		"Microsoft OneDrive for Business": "APPID_MICROSOFTONEDRIVEFORBUSINESS",
	} {
		NewWithT(t).Expect(appID(name)).To(Equal(id))
	}
}

// Every answer that encoding/json takes is read to the same ids and places;
// whatever else comes gives an error or records, and no panic.
func FuzzDecode(f *testing.F) {
	for _, name := range []string{"testdata/activities.json", "testdata/alerts.json"} {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, text := range []string{
		`{"data":[{"_id":"a\u00e9\ud83d\ude92\ud800\"\\","created":1e3,"Created":5,"x":[[["]"]]]}],"hasNext":true}`,
		`{"data":[{"_id":"a","_id":"b"}]}`, `{"data":[1,null,"x",[],{}],"data":[]}`, `{"data":[{"user":{"userName":{"a":1}}}]}`, `{"a":"\`, `{"data":[{]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		decode(Alert, bytes.NewReader(text))
		a, err := decode(Activity, bytes.NewReader(text))
		slow, slowErr := decode(Activity, iotest.OneByteReader(bytes.NewReader(text)))
		if fmt.Sprint(err) != fmt.Sprint(slowErr) || !reflect.DeepEqual(a, slow) {
			t.Fatalf("%s: byte by byte it is read otherwise: %v, %v", text, err, slowErr)
		}
		var whole map[string]json.RawMessage // a map, since its keys are exact
		var data []map[string]json.RawMessage
		if json.Unmarshal(text, &whole) != nil || json.Unmarshal(whole["data"], &data) != nil || data == nil || strings.Count(string(text), `"data"`) != 1 {
			return // no list, or several of which encoding/json takes the last
		}
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if len(a.records) != len(data) {
			t.Fatalf("%s: %d records, want %d", text, len(a.records), len(data))
		}
		for i, r := range a.records {
			var id string
			if json.Unmarshal(data[i]["_id"], &id) == nil && id != "" && r.ID != id {
				t.Fatalf("%s: id %q, want %q", text, r.ID, id)
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	text, err := os.ReadFile("testdata/activities.json")
	if err != nil {
		b.Fatal(err)
	}
	_, from, _ := strings.Cut(string(text), "[\n")
	record, _, _ := strings.Cut(from, "\n")
	record = strings.TrimSuffix(strings.TrimSuffix(record, ","), "}") + `,"filler":{"text":"` + strings.Repeat("some more of what nobody asks for ", 50) + `"}}`
	page := []byte(`{"data":[` + strings.TrimSuffix(strings.Repeat(record+",", 5000), ",") + `]}`)
	b.SetBytes(int64(len(page)))
	b.ReportAllocs()
	for b.Loop() {
		if a, err := decode(Activity, bytes.NewReader(page)); err != nil || len(a.records) != 5000 {
			b.Fatal(len(a.records), err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/5000, "ns/record")
	b.ReportMetric(float64(len(page))/5000, "B/record")
}
