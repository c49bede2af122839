package fakecas_test

import (
	"slices"
	"testing"
	"time"

	. "github.com/onsi/gomega"

	"siemdrill/fakecas"
)

// Contents are the ledger's records, in the order in which they came, from any
// place on.
func TestContentsAreTheLedgersRecords(t *testing.T) {
	g := NewWithT(t)
	tenant := fakecas.NewTestServer(t).Tenant()
	ids := tenant.AddActivities(3, fakecas.Spread{Over: time.Minute})
	older := tenant.AddActivities(1, fakecas.Spread{Ago: time.Hour})
	alerts := tenant.AddAlerts(2, fakecas.Spread{})

	all := slices.Collect(tenant.Contents(fakecas.Activity, 0))
	g.Expect(tenant.Count(fakecas.Activity)).To(Equal(4))
	g.Expect([]string{all[0].ID, all[1].ID, all[2].ID, all[3].ID}).To(Equal(append(ids, older...)))
	g.Expect(slices.Collect(tenant.Contents(fakecas.Activity, 3))).To(Equal(all[3:]))
	g.Expect(slices.Collect(tenant.Contents(fakecas.Activity, 4))).To(BeEmpty())
	g.Expect(slices.Collect(tenant.Contents(fakecas.Alert, 1))[0].ID).To(Equal(alerts[1]))

	created := map[string]time.Time{}
	for entry := range tenant.Ledger() {
		created[entry.ID] = entry.Created
	}
	for _, c := range all {
		g.Expect(c.Created).To(Equal(created[c.ID]))
		g.Expect(c.Class).To(HavePrefix("EVENT_CATEGORY_"))
		g.Expect(c.Description).To(HavePrefix(c.Name))
	}
}

// Of a record that was given whole, its JSON says what is in it.
func TestContentsOfAnImportedRecord(t *testing.T) {
	g := NewWithT(t)
	tenant := fakecas.NewTestServer(t).Tenant()
	_, err := tenant.Import([]byte(`{
		"activities": [{"_id": "a", "timestamp": 1511373004000, "created": 1511373005000, "eventTypeName": "EVENT_CATEGORY_LOGOUT",
			"description": "Log out", "appName": "ServiceNow", "user": {"userName": "admin@contoso.com"},
			"device": {"clientIP": "192.0.2.1", "userAgent": "curl"}, "mainInfo": {"eventObjects": [{"name": "x"}, {}]}}],
		"alerts": [{"_id": "b", "timestamp": 1511373004000, "title": "myPolicy", "idValue": 15859716, "severityValue": 2, "threatScore": 7,
			"description": "it was triggered", "entities": [{"type": "account", "label": "Avi"}, {"type": "service", "label": "Box"},
			{"type": "ip", "label": "2001:db8::1"}, {"type": "policyRule", "id": "59f0ab82f797fa0681e9b1c7", "label": "myPolicy"}]}]}`), false)
	g.Expect(err).NotTo(HaveOccurred())

	g.Expect(slices.Collect(tenant.Contents(fakecas.Activity, 0))).To(ConsistOf(fakecas.Contents{
		ID: "a", Type: fakecas.Activity, Timestamp: time.UnixMilli(1511373004000).UTC(), Created: time.UnixMilli(1511373005000).UTC(),
		Class: "EVENT_CATEGORY_LOGOUT", Name: "EVENT_CATEGORY_LOGOUT", Description: "Log out", User: "admin@contoso.com", App: "ServiceNow",
		Address: "192.0.2.1", UserAgent: "curl", Objects: []string{"x", ""},
	}))
	g.Expect(slices.Collect(tenant.Contents(fakecas.Alert, 0))).To(ConsistOf(fakecas.Contents{
		ID: "b", Type: fakecas.Alert, Timestamp: time.UnixMilli(1511373004000).UTC(), Created: time.UnixMilli(1511373004000).UTC(),
		Class: "15859716", Name: "myPolicy", Severity: 2, Description: "it was triggered", User: "Avi", App: "Box",
		Address: "2001:db8::1", Risk: 7, Policy: "59f0ab82f797fa0681e9b1c7",
	}))
}
