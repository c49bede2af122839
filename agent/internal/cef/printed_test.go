package cef

import (
	"os"
	"strings"
	"testing"

	. "github.com/onsi/gomega"

	"siemdrill/agent/internal/cas"
)

// printed are the records behind the lines that the vendor has printed
// (testdata/printed.txt), in their order.
var printed = []struct {
	layout Layout
	record cas.Record
}{
	{
		Layout{Version: "0.102.17", Portal: "https://cloud-app-security.com/#"},
		policyAlert("596a7e360c204203a335a3fb", 1500151350531, "myPolicy", "admin@box-contoso.com", "Box", "APPID_BOX",
			"1500151288183_acc891bf-33e1-424b-a021-0d4370789660", "59f0ab82f797fa0681e9b1c7"),
	}, {
		Layout{Version: "0.102.17", Portal: "https://cloud-app-security.com/#"},
		policyAlert("596b2fd70c204203a33a3eeb", 1500196623361, "test-activity-policy3", "admin@contoso.com", "Microsoft 365", "APPID_O365",
			"1500196549157_a0e01f8a-e29a-43ae-8599-783c1c11597d"),
	}, {
		Layout{Version: "0.102.17", Portal: "https://cloud-app-security.com/#"},
		policyAlert("596b339b0c204203a33a51ae", 1500197786550, "test-activity-policy", "user@contoso.com", "Salesforce", "APPID_SALESFORCE",
			"1500197720691_b7f6317c-b8de-476a-bc8f-dfa570e00349"),
	}, {
		Layout{Version: "0.111.85", Portal: "https://contoso.portal.cloudappsecurity.com/#"},
		cas.Record{
			Type: cas.Activity, ID: "1511373015679_167ae3eb-ed33-454a-b548-c2ed6cea6ef0", Timestamp: 1511373004000,
			Class: "EVENT_CATEGORY_LOGOUT", Name: "Log out", Description: "Log out",
			User: "admin@contoso.com", Service: "ServiceNow", IPv4: "13.82.149.151", Apps: []string{"APPID_SERVICENOW"},
			Targets: []string{"admin@contoso.com", "admin@contoso.com", "admin@contoso.com"},
		},
	}, {
		Layout{Version: "0.112.68", Portal: "https://contoso.portal.cloudappsecurity.com/#", SystemName: "LAB-EUW-ARCTEST"},
		activity("1511897117617_5be018ee-f676-4473-a9b5-5982527409be", 1511897095000, "EVENT_CATEGORY_DELETE_OBJECT", "Delete object",
			"Delete object: ServiceNow Object b1709c40db360300906ff34ebf961923", "", ""),
	}, {
		Layout{Portal: "https://contoso.portal.cloudappsecurity.com/#"},
		activity("1511897141625_7558b33f-218c-40ff-be5d-47d2bdd6b798", 1511897134000, "EVENT_CATEGORY_DELETE_OBJECT", "Delete object",
			"Delete object: ServiceNow Object f5122008db360300906ff34ebf96198a", "", ""),
	}, {
		Layout{Portal: "https://contoso.portal.cloudappsecurity.com/#"},
		activity("1511898027370_e272cd5f-31a3-48e3-8a6a-0490c042950a", 1511898015000, "EVENT_CATEGORY_VIEW_REPORT", "View report",
			"View report: ServiceNow Report 23", "23", "sys_report"),
	},
}

func policyAlert(id string, at int64, policy, user, service, app, audit string, policies ...string) cas.Record {
	return cas.Record{
		Type: cas.Alert, ID: id, Timestamp: at, Class: "ALERT_CABINET_EVENT_MATCH_AUDIT", Name: policy, Severity: cas.Low,
		Description: "Activity policy ''" + policy + "'' was triggered by ''" + user + "''",
		User:        user, Service: service, Apps: []string{app}, Audits: []string{audit}, Policies: policies,
	}
}

func activity(id string, at int64, class, name, description string, targets ...string) cas.Record {
	return cas.Record{
		Type: cas.Activity, ID: id, Timestamp: at, Class: class, Name: name, Description: description,
		User: "admin@contoso.com", Service: "ServiceNow", Apps: []string{"APPID_SERVICENOW"},
		Targets: append(targets, "admin@contoso.com", "admin@contoso.com", "admin@contoso.com"),
	}
}

func TestThePrintedLinesComeOutByteForByte(t *testing.T) {
	g := NewWithT(t)
	text, err := os.ReadFile("testdata/printed.txt")
	g.Expect(err).NotTo(HaveOccurred())
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	g.Expect(lines).To(HaveLen(len(printed)))
	for i, p := range printed {
		g.Expect(string(p.layout.AppendLine(nil, &p.record))).To(Equal(lines[i]), "line %d", i+1)
	}
}
