package fakecas

import (
	"strconv"
	"strings"
)

// activityFields are the documented activity filters.
var activityFields = map[string]field{
	"created":  createdField,
	"date":     dateField,
	"service":  number("service", func(r *record) int { return r.app.id }),
	"instance": number("instance", func(r *record) int { return 0 }),
	"user.username": texts("user", func(r *record) []string {
		return []string{r.user.account, r.user.name, r.user.id}
	}),
	"user.orgUnit": text("orgUnit", func(r *record) string { return r.user.unit }),
	"user.domain":  text("domain", func(r *record) string { return domain(r.user.account) }),
	"user.tags":    text("tags", func(r *record) string { return "5f01dbbc68df27c17aa6ca81" }),
	"activity.eventType": texts("eventActionType", func(r *record) []string {
		return []string{r.event.category, r.event.action}
	}),
	"actionType": texts("actionType", func(r *record) []string { return []string{r.event.raw, r.event.category} }),
	"activity.eventActionType": texts("eventActionType", func(r *record) []string {
		return []string{r.event.category, r.event.action}
	}),
	"activity.id":            text("id", func(r *record) string { return string(r.appendID(nil)) }),
	"activity.type":          flag("admin", func(r *record) bool { return r.event.admin }),
	"activity.impersonated":  flag("impersonated", func(r *record) bool { return r.impersonated() }),
	"activity.takenAction":   text("takenAction", func(r *record) string { return r.takenAction() }),
	"activity.alertId":       text("alertId", func(r *record) string { return "" }),
	"device.type":            text("deviceType", func(r *record) string { return r.client.device }),
	"device.tags":            text("deviceTags", func(r *record) string { return "000000000000000000000000" }),
	"userAgent.userAgent":    text("userAgent", func(r *record) string { return r.client.agent }),
	"userAgent.tags":         text("userAgentTags", func(r *record) string { return "000000000000000000000000" }),
	"ip.address":             text("ip", func(r *record) string { return r.place.ip }),
	"ip.category":            text("ipCategory", func(r *record) string { return r.place.category }),
	"ip.tags":                text("ipTags", func(r *record) string { return "" }),
	"location.country":       text("country", func(r *record) string { return r.place.country }),
	"location.organizations": text("organization", func(r *record) string { return r.place.owner }),
	"policy":                 text("policy", func(r *record) string { return "" }),
	"source":                 text("source", func(r *record) string { return strconv.FormatInt(r.source(), 10) }),
	"text": texts("text", func(r *record) []string {
		return []string{r.description(), r.user.account, r.user.name, r.place.ip, r.app.name}
	}),
	"entity": texts("entity", func(r *record) []string {
		return []string{r.user.id, r.user.account, r.objectID()}
	}),
	"activityObject": texts("entity", func(r *record) []string {
		return []string{r.user.id, r.user.account, r.objectID()}
	}),
	"fileLabels": text("fileLabels", func(r *record) string { return "" }),
	"office365url": text("url", func(r *record) string {
		if strings.HasPrefix(r.object.name, "https://") {
			return r.object.name
		}
		return ""
	}),
	"activity.azureSubscriptions": text("subscriptions", func(r *record) string { return "" }),
	"fileId": text("fileId", func(r *record) string {
		if r.event.object && r.object.kind == "File" {
			return r.object.id
		}
		return ""
	}),
	"fileSelector": text("file", func(r *record) string {
		if r.event.object && r.object.kind == "File" {
			return r.object.name
		}
		return ""
	}),
}

func (r *record) objectID() string {
	if r.event.object {
		return r.object.id
	}
	return ""
}

// domain returns what follows the @ of an address.
func domain(account string) string {
	_, d, _ := strings.Cut(account, "@")
	return d
}
