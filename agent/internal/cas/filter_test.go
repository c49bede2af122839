package cas

import (
	"encoding/json"
	"testing"
	"time"

	. "github.com/onsi/gomega"
)

func TestAnEndIsAddedToThePortalsFilters(t *testing.T) {
	for portal, wanted := range map[string]string{
		``:                                  `{"created":{"lt":9}}`,
		`null`:                              `{"created":{"lt":9}}`,
		`{"created":null}`:                  `{"created":{"lt":9}}`,
		`{"created":{"lt":null}}`:           `{"created":{"lt":9}}`,
		`{"created":{"lt":"soon"}}`:         `{"created":{"lt":9}}`,
		`{"created":{"lt":12,"gte":3}}`:     `{"created":{"lt":9,"gte":3}}`,
		`{"created":{"lt":7}}`:              `{"created":{"lt":7}}`,
		`{"service":{"eq":[11161]},"x":{}}`: `{"service":{"eq":[11161]},"x":{},"created":{"lt":9}}`,
	} {
		t.Run(portal, func(t *testing.T) {
			g := NewWithT(t)
			filters, err := CreatedBefore(json.RawMessage(portal), time.UnixMilli(9))
			g.Expect(err).NotTo(HaveOccurred())
			g.Expect(filters).To(MatchJSON(wanted))
		})
	}
}
