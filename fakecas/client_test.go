package fakecas_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
)

// client pages through activities as the vendor's documentation shows it, and
// knows nothing else of the service.
type client struct {
	g   *WithT
	srv *fakecas.TestServer
	*http.Client
}

type activities struct {
	Data []struct {
		ID string `json:"_id"`
	}
	HasNext          bool
	Total            int
	NextQueryFilters json.RawMessage
}

func (c client) post(body map[string]any) (page activities) {
	raw, err := json.Marshal(body)
	c.g.Expect(err).NotTo(HaveOccurred())
	r, err := http.NewRequest("POST", c.srv.URL+"/api/v1/activities/", bytes.NewReader(raw))
	c.g.Expect(err).NotTo(HaveOccurred())
	r.Header.Set("Authorization", "Token "+c.srv.Token)
	answer, err := c.Do(r)
	c.g.Expect(err).NotTo(HaveOccurred())
	defer answer.Body.Close()
	c.g.Expect(answer.StatusCode).To(Equal(200))
	raw, err = io.ReadAll(answer.Body)
	c.g.Expect(err).NotTo(HaveOccurred())
	c.g.Expect(json.Unmarshal(raw, &page)).To(Succeed())
	return page
}

func TestAPlainClientPagesThroughTenThousandRecords(t *testing.T) {
	g := NewWithT(t)
	srv := fakecas.NewTestServer(t)
	ids := srv.Tenant().AddActivities(10_000, fakecas.Spread{Ago: time.Hour, Over: time.Second}) // ten an instant
	want := map[string]int{}
	for _, id := range ids {
		want[id] = 1
	}
	c := client{g, srv, srv.Client()}
	defer c.CloseIdleConnections()

	listed := map[string]int{}
	for skip := 0; ; skip += 100 {
		page := c.post(map[string]any{"skip": skip, "limit": 100})
		for _, r := range page.Data {
			listed[r.ID]++
		}
		if !page.HasNext {
			break
		}
	}
	g.Expect(listed).To(Equal(want))

	scanned := map[string]int{}
	request := map[string]any{"isScan": true, "filters": map[string]any{"date": map[string]any{"gte_ndays": 1}}}
	for more := true; more; {
		page := c.post(request)
		for _, r := range page.Data {
			scanned[r.ID]++
		}
		more = page.HasNext
		request["filters"] = page.NextQueryFilters
	}
	g.Expect(scanned).To(Equal(want))
}
