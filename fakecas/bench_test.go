package fakecas

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

// scanned reads a whole scan, page by page, and returns how many records and
// bytes came. It looks only at the end of each page, so that what is measured
// is the service.
func scanned(b *testing.B, post func(body string) []byte) (records int, size int64) {
	filters := json.RawMessage(`{"created":{"gte":0}}`)
	for {
		page := post(fmt.Sprintf(`{"isScan":true,"limit":5000,"filters":%s}`, filters))
		size += int64(len(page))
		records += bytes.Count(page, []byte(`{"_id":`))
		end := page[bytes.LastIndex(page, []byte(`],"hasNext":`))+2:]
		var rest struct {
			HasNext          bool
			NextQueryFilters json.RawMessage
		}
		if err := json.Unmarshal([]byte("{"+string(end)), &rest); err != nil {
			b.Fatal(err)
		}
		if !rest.HasNext {
			return records, size
		}
		filters = rest.NextQueryFilters
	}
}

const million = 1_000_000

func benchmarkServer(b *testing.B, start bool) *Server {
	s := &Server{BaseURL: "https://a.test", Settings: Settings{RequestsPerMinute: -1}}
	if start {
		s.BaseURL = ""
		if err := s.Start("127.0.0.1:0"); err != nil {
			b.Fatal(err)
		}
		b.Cleanup(func() { s.Close() })
	}
	s.Tenant().AddRecords(Activity, million, Spread{Ago: time.Hour, Over: 40 * time.Hour})
	return s
}

func report(b *testing.B, records int, size int64) {
	if records != million*b.N {
		b.Fatalf("%d records came, not %d", records, million*b.N)
	}
	b.ReportMetric(float64(records)/b.Elapsed().Seconds(), "records/s")
	b.ReportMetric(float64(size)/float64(records), "B/record")
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapInuse)/(1<<20), "MiB-heap")
}

// BenchmarkScanHandler is a scan of a million records without network: what
// finding, generating and writing them costs.
func BenchmarkScanHandler(b *testing.B) {
	s := benchmarkServer(b, false)
	a, err := s.Tenant().AddAgent(configured("bench"))
	NewWithT(b).Expect(err).NotTo(HaveOccurred())
	handler := s.Handler()
	records, size := 0, int64(0)
	memory := new(bytes.Buffer)
	for b.Loop() {
		n, bytes := scanned(b, func(body string) []byte {
			r := httptest.NewRequest("POST", "/api/v1/activities/", strings.NewReader(body))
			r.Header.Set("Authorization", "Token "+a.Token)
			memory.Reset()
			handler.ServeHTTP(&httptest.ResponseRecorder{Body: memory, Code: 200}, r)
			return memory.Bytes()
		})
		records, size = records+n, size+bytes
	}
	report(b, records, size)
}

// BenchmarkScanLoopback is the same over HTTPS on loopback, the client's work
// included.
func BenchmarkScanLoopback(b *testing.B) {
	s := benchmarkServer(b, true)
	a, err := s.Tenant().AddAgent(configured("bench"))
	NewWithT(b).Expect(err).NotTo(HaveOccurred())
	t := &TestServer{Server: s, URL: s.URL(), Token: a.Token}
	client := t.Client()
	client.Transport.(*http.Transport).ForceAttemptHTTP2 = false
	client.Transport.(*http.Transport).Protocols = new(http.Protocols)
	client.Transport.(*http.Transport).Protocols.SetHTTP1(true)
	records, size := 0, int64(0)
	memory := new(bytes.Buffer)
	for b.Loop() {
		n, bytes := scanned(b, func(body string) []byte {
			r, _ := http.NewRequest("POST", t.URL+"/api/v1/activities/", strings.NewReader(body))
			r.Header.Set("Authorization", "Token "+t.Token)
			answer, err := client.Do(r)
			if err != nil {
				b.Fatal(err)
			}
			memory.Reset()
			memory.Grow(int(answer.ContentLength) + 512)
			if _, err := io.Copy(memory, answer.Body); err != nil {
				b.Fatal(err)
			}
			answer.Body.Close()
			return memory.Bytes()
		})
		records, size = records+n, size+bytes
	}
	report(b, records, size)
}

// BenchmarkFilter is what one record costs a filter on an attribute.
func BenchmarkFilter(b *testing.B) {
	f, err := compile(Activity, json.RawMessage(`{"user.username":{"contains":"contoso"},"service":{"neq":1}}`), time.Now())
	NewWithT(b).Expect(err).NotTo(HaveOccurred())
	g := generator{seed: 1}
	for seq := uint32(1); b.Loop(); seq++ {
		r := g.record(Activity, seq)
		f.match(&r)
	}
}
