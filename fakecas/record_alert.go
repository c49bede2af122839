package fakecas

import (
	"strconv"
	"time"
)

// appendAlert appends an alert in the shape of real ones.
func (r *record) appendAlert(f *fields) {
	*f = append(*f, '{')
	f.id("_id", r)
	f.key("contextId")
	*f = append(*f, '"')
	*f = r.appendUUID(*f)
	*f = append(*f, '"')
	f.text("description", r.description())
	r.appendAlertEntities(f)
	f.number("idValue", int64(r.policy.alertNumber))
	f.flag("isSystemAlert", r.policy.system)
	f.flag("isMarkdown", false)
	f.number("severityValue", int64(r.policy.severity))
	f.raw("stories", "[0]")
	f.raw("evidence", "[]")
	f.raw("intent", "[0]")
	f.list("audits")
	if r.policy.policyType == "AUDIT" {
		*f = append(*f, '"')
		*f = r.appendUUID(*f)
		*f = append(*f, '"')
	}
	f.end()
	f.number("threatScore", r.threatScore())
	f.number("timestamp", r.timestamp)
	f.text("title", r.policy.title)
	f.key("URL")
	*f = append(*f, `"https://`...)
	*f = append(*f, r.tenant...)
	*f = append(*f, `.portal.cloudappsecurity.com/#/alerts/`...)
	*f = r.appendID(*f)
	*f = append(*f, '"')
	r.appendState(f)
	f.close()
}

func (r *record) appendAlertEntities(f *fields) {
	f.list("entities")
	f.item()
	f.raw("entityRole", `"Source"`)
	f.raw("entityType", "2")
	f.text("id", r.user.id)
	f.raw("inst", "0")
	f.text("label", r.user.name)
	f.text("pa", r.user.account)
	f.number("saas", int64(r.app.id))
	f.raw("type", `"account"`)
	f.close()
	if r.place.ip != "" {
		f.item()
		f.text("id", r.place.ip)
		f.text("label", r.place.ip)
		f.raw("type", `"ip"`)
		f.close()
	}
	f.item()
	f.number("id", int64(r.app.id))
	f.text("label", r.app.name)
	f.raw("type", `"service"`)
	f.close()
	if r.policy.id != "" {
		f.item()
		f.text("id", r.policy.id)
		f.text("label", r.policy.name)
		f.text("policyType", r.policy.policyType)
		f.raw("type", `"policyRule"`)
		f.close()
	}
	f.end()
}

// appendState appends what people have done with the alert. That statusValue
// is 0 unread, 1 read, 2 archived is assumed.
func (r *record) appendState(f *fields) {
	s := r.state
	status := int64(0)
	switch {
	case s.resolution != 0:
		status = 2
	case s.read:
		status = 1
	}
	f.number("statusValue", status)
	f.number("resolutionStatusValue", int64(s.resolution))
	f.text("comment", s.comment)
	f.text("handledByUser", s.by)
	if s.resolvedAt == 0 {
		f.raw("resolveTime", "null")
		return
	}
	f.text("resolveTime", time.UnixMilli(s.resolvedAt).UTC().Format("2006-01-02T15:04:05.000Z"))
}

// severity returns an alert's severity as the API's number.
func (r *record) severity() int {
	if r.body == nil {
		return r.policy.severity
	}
	if s := r.body.facts["severity"]; len(s) > 0 {
		n, _ := strconv.Atoi(s[0])
		return n
	}
	return 0
}
