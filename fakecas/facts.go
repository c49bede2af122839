package fakecas

import (
	"encoding/json"
	"strings"
)

// Facts are what filters ask of a record that was given whole, read from its
// JSON once, by the names that the fields of filter_activity.go and
// filter_alert.go carry.

// raw is JSON of which parts are looked up; a part that is not there is empty.
type raw []byte

// at follows a path of members.
func (r raw) at(path string) raw {
	for _, name := range strings.Split(path, ".") {
		var members map[string]json.RawMessage
		if json.Unmarshal(r, &members) != nil {
			return nil
		}
		r = raw(members[name])
	}
	return r
}

// items returns the elements of a list.
func (r raw) items() []raw {
	var list []json.RawMessage
	if json.Unmarshal(r, &list) != nil {
		return nil
	}
	items := make([]raw, len(list))
	for i, v := range list {
		items[i] = raw(v)
	}
	return items
}

// text returns a scalar as a text; empty for others.
func (r raw) text() string {
	var s string
	if json.Unmarshal(r, &s) == nil {
		return s
	}
	if len(r) == 0 || r[0] == '{' || r[0] == '[' {
		return ""
	}
	return string(r)
}

// texts returns the scalars at some paths, without the empty ones.
func (r raw) texts(paths ...string) []string {
	var out []string
	for _, p := range paths {
		out = some(out, r.at(p).text())
	}
	return out
}

func activityFacts(json json.RawMessage) map[string][]string {
	r := raw(json)
	facts := map[string][]string{
		"service":         r.texts("appId"),
		"user":            r.texts("user.userName", "resolvedActor.name", "resolvedActor.id"),
		"domain":          some(nil, domain(r.at("user.userName").text())),
		"actionType":      r.texts("mainInfo.rawOperationName", "eventTypeName"),
		"eventActionType": r.texts("eventTypeName", "eventTypeValue"),
		"id":              r.texts("_id"),
		"deviceType":      r.texts("userAgent.deviceType"),
		"userAgent":       r.texts("device.userAgent"),
		"ip":              r.texts("device.clientIP"),
		"ipCategory":      r.texts("location.category"),
		"country":         r.texts("device.countryCode"),
		"organization":    r.texts("location.organizationSearchable"),
		"source":          r.texts("source"),
		"text":            r.texts("description", "user.userName", "resolvedActor.name", "device.clientIP", "appName"),
		"entity":          r.texts("user.userName", "resolvedActor.id"),
	}
	for _, tag := range r.at("user.userTags").items() {
		facts["tags"] = some(facts["tags"], tag.text())
	}
	for _, o := range r.at("mainInfo.eventObjects").items() {
		facts["entity"] = some(facts["entity"], o.at("id").text())
		if o.at("objType").text() == "1" {
			facts["fileId"] = some(facts["fileId"], o.at("id").text())
			facts["file"] = some(facts["file"], o.at("name").text())
		}
	}
	return facts
}

func alertFacts(json json.RawMessage) map[string][]string {
	r := raw(json)
	facts := map[string][]string{
		"severity":  r.texts("severityValue"),
		"alertType": r.texts("idValue"),
		"id":        r.texts("_id"),
		"risk":      r.texts("threatScore"),
		"source":    {"policy"},
		"text":      r.texts("title", "description"),
	}
	names := map[string]string{"account": "entity", "ip": "ip", "service": "service", "policyRule": "policy", "file": "file"}
	for _, e := range r.at("entities").items() {
		if name, ok := names[e.at("type").text()]; ok {
			facts[name] = append(facts[name], e.texts("id", "label", "pa")...)
		}
	}
	return facts
}
