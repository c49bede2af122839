package fakecas

import "strconv"

// alertFields are the documented alert filters.
var alertFields = map[string]field{
	"date":    dateField,
	"created": createdField,
	"entity.entity": texts("entity", func(r *record) []string {
		return []string{r.user.id, r.user.account, r.user.name}
	}),
	"entity.ip":       text("ip", func(r *record) string { return r.place.ip }),
	"entity.service":  number("service", func(r *record) int { return r.app.id }),
	"entity.instance": number("instance", func(r *record) int { return 0 }),
	"entity.policy":   text("policy", func(r *record) string { return r.policy.id }),
	"entity.file":     text("file", func(r *record) string { return "" }),
	"severity":        number("severity", func(r *record) int { return r.policy.severity }),
	"alertType":       number("alertType", func(r *record) int { return r.policy.alertNumber }),
	"ID":              text("id", func(r *record) string { return string(r.appendID(nil)) }),
	"id":              text("id", func(r *record) string { return string(r.appendID(nil)) }),
	"risk":            number("risk", func(r *record) int { return int(r.threatScore()) }),
	"source": text("source", func(r *record) string {
		if r.policy.policyType == "ANOMALY_DETECTION" || r.policy.id == "" {
			return "built-in"
		}
		return "policy"
	}),
	"text": texts("text", func(r *record) []string {
		return []string{r.policy.title, r.description(), r.user.account}
	}),
	"alertOpen":        stateful(flag("", func(r *record) bool { return r.state.resolution == 0 })),
	"resolutionStatus": stateful(number("", func(r *record) int { return r.state.resolution })),
	"read":             stateful(flag("", func(r *record) bool { return r.state.read })),
	"resolutionDate": {
		number: true,
		values: func(r *record, to []string) []string {
			if r.state.resolvedAt == 0 {
				return to
			}
			return append(to, strconv.FormatInt(r.state.resolvedAt, 10))
		},
	},
}
